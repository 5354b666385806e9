import type { SqlErrors } from '../dialect/dialect.js';
import type { TableNames } from '../dialect/table-names.js';

/** What errors mean where the tables have these names. */
export function sqliteErrors(names: TableNames): SqlErrors {
  // A prefix is an identifier, so that nothing in it means anything in a pattern.
  const missingTable = new RegExp(`no such table: (main\\.)?${names.prefix}`);
  // The text names the columns of the key that was violated: a trigger of somebody else has other ones.
  const duplicateEntry = new RegExp(`UNIQUE constraint failed: .*\\b${names.name('ledger')}\\.sequence\\b`);
  return {
    isBusy(error) {
      const { code, message } = partsOf(error);
      // better-sqlite3 refuses every statement while the application steps through the rows of another one.
      return /^SQLITE_(BUSY|LOCKED)/.test(code) || /connection is busy executing a query/.test(message);
    },
    isMissingTable: (error) => missingTable.test(partsOf(error).message),
    isMissingSchema: () => false,
    isDuplicateEntry: (error) => duplicateEntry.test(partsOf(error).message),
    isUnknownSavepoint: (error) => /no such savepoint/.test(partsOf(error).message),
    isForbidden: () => false,
    isReadOnly: (error) => partsOf(error).code.startsWith('SQLITE_READONLY'),
  };
}

function partsOf(error: unknown): { readonly code: string; readonly message: string } {
  // Not `instanceof`: better-sqlite3 throws errors of the realm that loaded it first, which in Jest is another one.
  if (typeof error !== 'object' || error === null) return { code: '', message: '' };
  const { code, message } = error as { code?: unknown; message?: unknown };
  return {
    code: typeof code === 'string' ? code : '',
    message: typeof message === 'string' ? message : '',
  };
}
