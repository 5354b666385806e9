import { effectsTable } from '../../../tools/crash/pairs.mjs';

/** @typedef {import('./systems.mjs').Trial} Trial */
/** @typedef {import('./systems.mjs').Place} Place */
/** @typedef {readonly Readonly<Record<string, unknown>>[]} Rows */

/**
 * The table in which the changes of a trial leave their effects, in any database that speaks SQL.
 *
 * @param {string} position the type of a column that counts
 * @param {(trial: Trial, place: Place, sql: string) => Promise<Rows>} query
 */
export function sqlEffects(position, query) {
  return {
    prepareEffects: (/** @type {Trial} */ trial, /** @type {Place} */ place) =>
      query(
        trial,
        place,
        `CREATE TABLE ${effectsTable(trial)} (position ${position}, name text, complete boolean)`,
      ),
    async effects(/** @type {Trial} */ trial, /** @type {Place} */ place) {
      const rows = await query(
        trial,
        place,
        `SELECT name, complete FROM ${effectsTable(trial)} ORDER BY position`,
      );
      return rows.map(({ name, complete }) => ({ name: String(name), complete: Boolean(complete) }));
    },
    takeBack: (/** @type {Trial} */ trial, /** @type {Place} */ place, /** @type {string} */ name) =>
      query(trial, place, `DELETE FROM ${effectsTable(trial)} WHERE name = '${name}'`),
  };
}
