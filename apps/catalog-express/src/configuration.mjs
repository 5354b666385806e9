/**
 * What the application has to be told.
 *
 * @typedef {object} Configuration
 * @property {number} port 0 picks a free one
 * @property {string} environment whose ledger it is
 * @property {string} databaseUrl of MongoDB, with the name of the database
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
  DATABASE_URL = 'mongodb://127.0.0.1:27017/catalogue',
}) {
  if (!/^\d+$/.test(PORT) || Number(PORT) > 65_535) throw new Error('PORT is no number from 0 to 65535.');
  if (!/^mongodb(\+srv)?:\/\//.test(DATABASE_URL)) throw new Error('DATABASE_URL is no mongodb:// address.');
  return { port: Number(PORT), environment: FLAMINGOCK_ENV, databaseUrl: DATABASE_URL };
}
