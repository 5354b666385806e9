/** What every change does, in every tool: it leaves one row, so that what was applied can be counted. */
export const EFFECTS = 'CREATE TABLE effects (number integer PRIMARY KEY)';

/** @param {number} number 1 for the first change */
export const statementOf = (number) => `INSERT INTO effects (number) VALUES (${number})`;

/** The same in MongoDB: the document that a change inserts. @param {number} number */
export const effectOf = (number) => ({ _id: /** @type {never} */ (number) });

/**
 * The name of a change: names sort like numbers, as every tool wants it.
 *
 * @param {number} number 1 for the first change
 */
export const nameOf = (number) => `change_${String(number).padStart(6, '0')}`;

/** The numbers of all changes. @param {number} count */
export const numbers = (count) => Array.from({ length: count }, (_, index) => index + 1);

/** Whether an address is one of MySQL or MariaDB, and not of PostgreSQL. @param {string} url */
export const isMysql = (url) => url.startsWith('mysql:');
