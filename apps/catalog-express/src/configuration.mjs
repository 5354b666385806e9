import { join } from 'node:path';

/**
 * What the application has to be told.
 *
 * @typedef {object} Configuration
 * @property {number} port 0 picks a free one
 * @property {string} environment whose ledger it is
 * @property {string | undefined} databaseUrl of PostgreSQL; without it everything lies in the file
 * @property {string} databaseFile of SQLite
 */

/**
 * Reads environment variables. Throws where one cannot be used, without its value.
 *
 * @param {NodeJS.ProcessEnv} variables
 * @returns {Configuration}
 */
export function readConfiguration({
  PORT = '3000',
  FLAMINGOCK_ENV = 'local',
  DATABASE_URL,
  DATABASE_FILE = join(import.meta.dirname, '../.data/catalogue.sqlite'),
}) {
  if (!/^\d+$/.test(PORT) || Number(PORT) > 65_535) throw new Error('PORT is no number from 0 to 65535.');
  if (DATABASE_URL !== undefined && !/^postgres(ql)?:\/\//.test(DATABASE_URL))
    throw new Error('DATABASE_URL is no postgres:// address.');
  return {
    port: Number(PORT),
    environment: FLAMINGOCK_ENV,
    databaseUrl: DATABASE_URL,
    databaseFile: DATABASE_FILE,
  };
}
