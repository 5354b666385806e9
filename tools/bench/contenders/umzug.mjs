import { Umzug } from 'umzug';
import { nameOf, numbers, statementOf } from '../changes.mjs';
import { warmPool } from '../pools.mjs';
import { versionOf } from './version-of.mjs';

/** @type {import('./contender.mjs').Contender} */
export const umzug = {
  name: 'umzug',
  version: versionOf('umzug'),
  way: 'umzug.up() with migrations in memory and a storage on the pool, which makes its table where it is missing',
  safety: 'no lock, no transaction: a migration and its record are two statements',

  async open({ url, count }) {
    const pool = await warmPool(url);
    const storage = {
      async executed() {
        await pool.query('CREATE TABLE IF NOT EXISTS umzug_migrations (name text PRIMARY KEY)');
        const { rows } = await pool.query('SELECT name FROM umzug_migrations ORDER BY name');
        return rows.map(({ name }) => name);
      },
      logMigration: (/** @type {{ name: string }} */ { name }) =>
        pool.query('INSERT INTO umzug_migrations (name) VALUES ($1)', [name]),
      unlogMigration: (/** @type {{ name: string }} */ { name }) =>
        pool.query('DELETE FROM umzug_migrations WHERE name = $1', [name]),
    };
    const migrations = numbers(count).map((number) => ({
      name: nameOf(number),
      up: () => pool.query(statementOf(number)),
    }));
    return {
      start: () => new Umzug({ migrations, storage, context: pool, logger: undefined }).up(),
      close: () => pool.end(),
    };
  },

  async seed(pool, count) {
    await pool.query('INSERT INTO umzug_migrations (name) SELECT unnest($1::text[])', [
      numbers(count).slice(1).map(nameOf),
    ]);
  },
};
