import { join } from 'node:path';
import Database from 'better-sqlite3';
import { sqlEffects } from './sql-effects.mjs';

/** @typedef {import('./systems.mjs').Trial} Trial */
/** @typedef {import('./systems.mjs').Place} Place */

/**
 * Two files in the directory of each trial.
 *
 * @returns {import('./systems.mjs').WatchedSystem}
 */
export function openSqlite() {
  return { address: fileOf, ...sqlEffects('integer PRIMARY KEY', query) };
}

/**
 * @param {Pick<Trial, 'directory'>} trial
 * @param {Place} place
 */
function fileOf({ directory }, place) {
  return join(directory, `${place}.db`);
}

/**
 * @param {Trial} trial
 * @param {Place} place
 * @param {string} sql
 * @returns {Promise<import('./sql-effects.mjs').Rows>}
 */
async function query(trial, place, sql) {
  const database = new Database(fileOf(trial, place));
  try {
    const statement = database.prepare(sql);
    if (statement.reader) return /** @type {import('./sql-effects.mjs').Rows} */ (statement.all());
    statement.run();
    return [];
  } finally {
    database.close();
  }
}
