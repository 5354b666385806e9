import type { SqlErrors } from '../dialect/dialect.js';
import type { TableNames } from '../dialect/table-names.js';

/** Lock not available, serialization failure, deadlock. */
const BUSY = new Set(['55P03', '40001', '40P01']);
/** Invalid savepoint, no active transaction. */
const UNKNOWN_SAVEPOINT = new Set(['3B001', '25P01']);

/** What errors mean where the tables have these names. */
export function postgresErrors(names: TableNames): SqlErrors {
  const [ledger, key] = [names.name('ledger'), `${names.name('ledger')}_key`];
  const beginning = names.schema === undefined ? names.prefix : `${names.schema}.${names.prefix}`;
  return {
    isBusy: (error) => BUSY.has(partsOf(error).code),
    isMissingTable(error) {
      const { code, message } = partsOf(error);
      return code === '42P01' && message.includes(beginning);
    },
    isMissingSchema: (error) => partsOf(error).code === '3F000',
    isDuplicateEntry(error) {
      const { code, constraint, table } = partsOf(error);
      // A trigger of somebody else may raise a duplicate of another table.
      return code === '23505' && constraint === key && table === ledger;
    },
    isUnknownSavepoint: (error) => UNKNOWN_SAVEPOINT.has(partsOf(error).code),
    isForbidden: (error) => partsOf(error).code === '42501',
    isReadOnly: (error) => partsOf(error).code === '25006',
  };
}

type ErrorParts = Readonly<Record<'code' | 'message' | 'constraint' | 'table', string>>;

function partsOf(error: unknown): ErrorParts {
  // Not `instanceof`: the driver is the application's, and in Jest of another realm.
  const found = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  const text = (name: string): string => (typeof found[name] === 'string' ? found[name] : '');
  return {
    code: text('code'),
    message: text('message'),
    constraint: text('constraint'),
    table: text('table'),
  };
}
