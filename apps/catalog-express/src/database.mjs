import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import pg from 'pg';

/**
 * The one database of the application. `driver` is what audit store and target are made on, too: a change and its entry in
 * the ledger are then one transaction.
 *
 * @typedef {object} Database
 * @property {import('pg').Pool | import('better-sqlite3').Database} driver
 * @property {(sql: string, parameters?: readonly unknown[]) => Promise<Record<string, unknown>[]>} query with `?` for each parameter
 * @property {() => Promise<void>} close
 */

/**
 * @param {import('./configuration.mjs').Configuration} configuration
 * @returns {Database}
 */
export function openDatabase({ databaseUrl, databaseFile }) {
  return databaseUrl === undefined ? sqlite(databaseFile) : postgres(databaseUrl);
}

/**
 * @param {string} connectionString
 * @returns {Database}
 */
function postgres(connectionString) {
  const pool = new pg.Pool({ connectionString });
  // A connection that breaks while nobody uses it is replaced; without a listener it would end the process.
  pool.on('error', ({ message }) => console.warn(`lost an idle connection: ${message}`));
  return {
    driver: pool,
    async query(sql, parameters = []) {
      let count = 0;
      const numbered = sql.replaceAll('?', () => `$${(count += 1)}`);
      return (await pool.query(numbered, [...parameters])).rows;
    },
    close: () => pool.end(),
  };
}

/**
 * @param {string} file
 * @returns {Database}
 */
function sqlite(file) {
  mkdirSync(dirname(file), { recursive: true });
  const database = new Sqlite(file);
  database.pragma('journal_mode = WAL');
  return {
    driver: database,
    async query(sql, parameters = []) {
      return /** @type {Record<string, unknown>[]} */ (database.prepare(sql).all(...parameters));
    },
    async close() {
      database.close();
    },
  };
}
