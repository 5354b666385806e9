import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drizzle as drizzleOn } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { nameOf, numbers, statementOf } from '../changes.mjs';
import { warmPool } from '../pools.mjs';
import { versionOf } from './version-of.mjs';

/** When a migration was made: one counts as applied where a newer one is. @param {number} number */
const madeAt = (number) => 1_700_000_000_000 + number;

/** @type {import('./contender.mjs').Contender} */
export const drizzle = {
  name: 'drizzle',
  version: versionOf('drizzle-orm'),
  way: 'migrate(drizzle(pool), { migrationsFolder }) with the SQL files and the journal of drizzle-kit',
  safety: 'no lock; all pending migrations in one transaction',

  async open({ url, count, folder }) {
    mkdirSync(join(folder, 'meta'), { recursive: true });
    for (const number of numbers(count))
      writeFileSync(join(folder, `${nameOf(number)}.sql`), statementOf(number));
    const entries = numbers(count).map((number) => ({
      idx: number - 1,
      version: '7',
      when: madeAt(number),
      tag: nameOf(number),
      breakpoints: true,
    }));
    writeFileSync(
      join(folder, 'meta/_journal.json'),
      JSON.stringify({ version: '7', dialect: 'postgresql', entries }),
    );
    const pool = await warmPool(url);
    const database = drizzleOn(pool);
    return {
      start: () => migrate(database, { migrationsFolder: folder }),
      close: () => pool.end(),
    };
  },

  async seed(pool, count) {
    await pool.query(
      `INSERT INTO drizzle.__drizzle_migrations (hash, created_at) SELECT 'seeded', unnest($1::bigint[])`,
      [numbers(count).slice(1).map(madeAt)],
    );
  },
};
