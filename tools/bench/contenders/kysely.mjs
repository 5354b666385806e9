import { Kysely, Migrator, PostgresDialect, sql } from 'kysely';
import { nameOf, numbers, statementOf } from '../changes.mjs';
import { warmPool } from '../pools.mjs';
import { versionOf } from './version-of.mjs';

/** @type {import('./contender.mjs').Contender} */
export const kysely = {
  name: 'kysely',
  version: versionOf('kysely'),
  way: 'new Migrator({ db, provider }).migrateToLatest() with a provider in memory',
  safety: 'an advisory lock; all pending migrations in one transaction',

  async open({ url, count }) {
    const db = new Kysely({ dialect: new PostgresDialect({ pool: await warmPool(url) }) });
    const migrations = Object.fromEntries(
      numbers(count).map((number) => [
        nameOf(number),
        { up: (/** @type {typeof db} */ transaction) => sql.raw(statementOf(number)).execute(transaction) },
      ]),
    );
    const provider = { getMigrations: async () => migrations };
    const migrator = new Migrator({ db, provider });
    return {
      async start() {
        const { error } = await migrator.migrateToLatest();
        if (error !== undefined) throw error;
      },
      close: () => db.destroy(),
    };
  },

  async seed(pool, count) {
    await pool.query(
      'INSERT INTO kysely_migration (name, timestamp) SELECT name, $2 FROM unnest($1::text[]) AS name',
      [numbers(count).slice(1).map(nameOf), new Date().toISOString()],
    );
  },
};
