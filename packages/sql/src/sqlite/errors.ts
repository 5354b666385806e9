import type { SqlErrors } from '../dialect/dialect.js';
import type { TableNames } from '../dialect/table-names.js';

/** SQLite's own numbers of results, as `node:sqlite` gives them; what is above the lowest byte tells more. */
const [BUSY, LOCKED, READONLY] = [5, 6, 8];
const PRIMARY = 0xff;

/** What errors mean where the tables have these names. */
export function sqliteErrors(names: TableNames): SqlErrors {
  // A prefix is an identifier, so that nothing in it means anything in a pattern.
  const missingTable = new RegExp(`no such table: (main\\.)?${names.prefix}`);
  // The text names the columns of the key that was violated: a trigger of somebody else has other ones.
  const duplicateEntry = new RegExp(`UNIQUE constraint failed: .*\\b${names.name('ledger')}\\.sequence\\b`);
  return {
    isBusy(error) {
      const { code, result, message } = partsOf(error);
      if (/^SQLITE_(BUSY|LOCKED)/.test(code) || result === BUSY || result === LOCKED) return true;
      // better-sqlite3 refuses every statement while the application steps through the rows of another one.
      return /connection is busy executing a query/.test(message);
    },
    isMissingTable: (error) => missingTable.test(partsOf(error).message),
    isMissingSchema: () => false,
    isDuplicateEntry: (error) => duplicateEntry.test(partsOf(error).message),
    isUnknownSavepoint: (error) => /no such savepoint/.test(partsOf(error).message),
    isForbidden: () => false,
    isReadOnly(error) {
      const { code, result } = partsOf(error);
      return code.startsWith('SQLITE_READONLY') || result === READONLY;
    },
  };
}

interface ErrorParts {
  readonly code: string;
  readonly result: number | undefined;
  readonly message: string;
}

function partsOf(error: unknown): ErrorParts {
  // Not `instanceof`: better-sqlite3 throws errors of the realm that loaded it first, which in Jest is another one.
  if (typeof error !== 'object' || error === null) return { code: '', result: undefined, message: '' };
  const { code, errcode, message } = error as { code?: unknown; errcode?: unknown; message?: unknown };
  return {
    code: typeof code === 'string' ? code : '',
    result: typeof errcode === 'number' ? errcode & PRIMARY : undefined,
    message: typeof message === 'string' ? message : '',
  };
}
