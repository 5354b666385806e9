import knex from 'knex';
import { isMysql, nameOf, numbers, statementOf } from '../changes.mjs';
import { versionOf } from './version-of.mjs';

/** @type {import('./contender.mjs').Contender} */
export const knexMigrations = {
  name: 'knex',
  version: versionOf('knex'),
  way: 'knex.migrate.latest() with a migration source in memory',
  safety: 'a row as a lock, left behind by a crash; all pending migrations in one transaction',

  async open({ url, count }) {
    const client = isMysql(url) ? 'mysql2' : 'pg';
    const database = knex({ client, connection: url, pool: { min: 3, max: 10 } });
    await database.raw('SELECT 1');
    const migrationSource = {
      getMigrations: async () => numbers(count),
      getMigrationName: nameOf,
      getMigration: async (/** @type {number} */ number) => ({
        up: (/** @type {typeof database} */ transaction) => transaction.raw(statementOf(number)),
        down: async () => {},
      }),
    };
    return {
      start: () => database.migrate.latest({ migrationSource }),
      close: () => database.destroy(),
    };
  },

  async seed(pool, count) {
    await pool.query(
      'INSERT INTO knex_migrations (name, batch, migration_time) SELECT name, 1, now() FROM unnest($1::text[]) AS name',
      [numbers(count).slice(1).map(nameOf)],
    );
  },
};
