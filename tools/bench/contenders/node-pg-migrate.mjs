import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runner } from 'node-pg-migrate';
import { nameOf, numbers, statementOf } from '../changes.mjs';
import { warmPool } from '../pools.mjs';
import { versionOf } from './version-of.mjs';

/** Files are sorted by the number that their name begins with. @param {number} number */
const fileOf = (number) => `${FIRST_TIMESTAMP + number}_${nameOf(number)}`;
const FIRST_TIMESTAMP = 1_700_000_000_000;

/** @type {import('./contender.mjs').Contender} */
export const nodePgMigrate = {
  name: 'node-pg-migrate',
  version: versionOf('node-pg-migrate'),
  way: "runner({ dbClient, dir, direction: 'up' }) with JavaScript files, which the process has loaded before",
  safety:
    'an advisory lock, or a failure where another instance has it; all pending migrations in one transaction',

  async open({ url, count, folder }) {
    for (const number of numbers(count)) {
      const source = `export const up = (pgm) => pgm.sql('${statementOf(number)}');\nexport const down = false;\n`;
      writeFileSync(join(folder, `${fileOf(number)}.mjs`), source);
    }
    const pool = await warmPool(url);
    return {
      async start() {
        const dbClient = await pool.connect();
        try {
          await runner({
            dbClient,
            dir: folder,
            direction: 'up',
            migrationsTable: 'pgmigrations',
            log: () => {},
          });
        } finally {
          dbClient.release();
        }
      },
      close: () => pool.end(),
    };
  },

  async seed(pool, count) {
    await pool.query('INSERT INTO pgmigrations (name, run_on) SELECT unnest($1::text[]), now()', [
      numbers(count).slice(1).map(fileOf),
    ]);
  },
};
