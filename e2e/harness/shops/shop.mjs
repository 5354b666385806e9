/**
 * The orders database of the worked example, as it was before the first change and with two orders; it has the ledger as
 * well, or stands beside it. Read past the application.
 *
 * @typedef {object} Shop
 * @property {Readonly<Record<string, string>>} environment with which the application finds it
 * @property {() => Promise<readonly Readonly<Record<string, unknown>>[]>} orders the oldest first
 * @property {() => Promise<readonly string[]>} ledger what became of changes, oldest first: `raise-quantities APPLIED`.
 *   Runs, and changes that were begun, are left out; empty where there is no ledger yet
 * @property {() => Promise<unknown>} close
 */

/** Of a ledger on any SQL database. */
export const OUTCOMES = `SELECT change_id AS id, state FROM flamingock_ledger
  WHERE change_id IS NOT NULL AND state <> 'STARTED' ORDER BY sequence`;

/** @param {readonly Readonly<Record<string, unknown>>[]} rows of {@link OUTCOMES} */
export function outcomesOf(rows) {
  return rows.map(({ id, state }) => `${String(id)} ${String(state)}`);
}
