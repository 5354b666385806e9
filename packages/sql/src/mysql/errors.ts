import type { SqlErrors } from '../dialect/dialect.js';
import type { TableNames } from '../dialect/table-names.js';
import { ledgerKey } from './ddl.js';

/**
 * A wait for a lock that was too long, a deadlock, a row that has changed meanwhile (MariaDB), a lock that another one
 * has (MySQL), a transaction that a cluster has rolled back, and a node of one that is not ready.
 */
const BUSY = new Set([1205, 1213, 1020, 3572, 3101, 1047]);
/** A right on a table, a column, a database or the server. */
const FORBIDDEN = new Set([1142, 1143, 1044, 1227]);
/** The server takes no writes, or the transaction does not. */
const READ_ONLY = new Set([1290, 1836, 1792]);
const NO_DATABASE = new Set([1046, 1049]);
const NO_SUCH_TABLE = 1146;
const DUPLICATE = 1062;
/** Of a savepoint, and of a function as well. */
const DOES_NOT_EXIST = 1305;

/** What errors mean where the tables have these names. They are known by number: texts are in the server's language. */
export function mysqlErrors(names: TableNames): SqlErrors {
  const beginning = `.${names.prefix}`.toLowerCase();
  const key = ledgerKey(names).toLowerCase();
  return {
    isBusy: (error) => BUSY.has(partsOf(error).number),
    isMissingTable(error) {
      const { number, message } = partsOf(error);
      // Some servers keep names in lower case.
      return number === NO_SUCH_TABLE && message.toLowerCase().includes(beginning);
    },
    isMissingSchema: (error) => NO_DATABASE.has(partsOf(error).number),
    isDuplicateEntry(error) {
      const { number, message } = partsOf(error);
      // What is quoted last is the key, on MySQL after the name of its table. Before it is the value.
      const last = /['"«`]([^'"«»`]*)['"»`][^'"«»`]*$/.exec(message.toLowerCase())?.[1];
      return number === DUPLICATE && last?.split('.').at(-1) === key;
    },
    isUnknownSavepoint(error) {
      const { number, message } = partsOf(error);
      return number === DOES_NOT_EXIST && message.startsWith('SAVEPOINT');
    },
    isForbidden: (error) => FORBIDDEN.has(partsOf(error).number),
    isReadOnly: (error) => READ_ONLY.has(partsOf(error).number),
  };
}

function partsOf(error: unknown): { readonly number: number; readonly message: string } {
  // Not `instanceof`: the driver is the application's, and in Jest of another realm.
  if (typeof error !== 'object' || error === null) return { number: 0, message: '' };
  const { errno, sqlMessage } = error as { readonly errno?: unknown; readonly sqlMessage?: unknown };
  return {
    number: typeof errno === 'number' ? errno : 0,
    message: typeof sqlMessage === 'string' ? sqlMessage : '',
  };
}
