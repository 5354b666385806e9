import type { SqlErrors } from '../dialect/dialect.js';

export const sqliteErrors: SqlErrors = {
  isBusy(error) {
    const { code, message } = partsOf(error);
    // better-sqlite3 refuses every statement while the application steps through the rows of another one.
    return /^SQLITE_(BUSY|LOCKED)/.test(code) || /connection is busy executing a query/.test(message);
  },
  isMissingTable: (error) => /no such table: (main\.)?flamingock_/.test(partsOf(error).message),
  // The text names the columns of the key that was violated: a trigger of somebody else has other ones.
  isDuplicateEntry: (error) =>
    /UNIQUE constraint failed: .*\bflamingock_ledger\.sequence\b/.test(partsOf(error).message),
  isUnknownSavepoint: (error) => /no such savepoint/.test(partsOf(error).message),
};

function partsOf(error: unknown): { readonly code: string; readonly message: string } {
  // Not `instanceof`: better-sqlite3 throws errors of the realm that loaded it first, which in Jest is another one.
  if (typeof error !== 'object' || error === null) return { code: '', message: '' };
  const { code, message } = error as { code?: unknown; message?: unknown };
  return {
    code: typeof code === 'string' ? code : '',
    message: typeof message === 'string' ? message : '',
  };
}
