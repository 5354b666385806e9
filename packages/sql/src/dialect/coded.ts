import { FlamingockError } from '@flamingock/core/spi';
import type { SqlConnection } from '../driver/connection.js';
import type { Purpose, TableDialect } from './dialect.js';
import { missingRight, readOnly } from './refusal.js';

/**
 * Does what the engine wants of a database. Throws `FLG_STORE_BUSY` where it may be repeated, `FLG_STORE_PERMISSION` or
 * `FLG_TARGET_PERMISSION` where a right is missing, and other errors as they are.
 */
export async function withCodedErrors<T>(
  connection: SqlConnection,
  dialect: TableDialect,
  purpose: Purpose,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (dialect.errors.isForbidden(error)) throw await missingRight(connection, dialect, purpose);
    if (dialect.errors.isReadOnly(error)) throw readOnly(purpose);
    throw coded(dialect, error);
  }
}

/** The coded error that a driver's error stands for, or the error as it is. */
export function coded(dialect: TableDialect, error: unknown): unknown {
  return dialect.errors.isBusy(error) ? storeBusy(error) : error;
}

/** A refusal for the moment: the engine repeats while it holds the lease. */
export function storeBusy(cause?: unknown): FlamingockError {
  return new FlamingockError({
    code: 'FLG_STORE_BUSY',
    message: 'The database is locked by another writer.',
    hint: 'It is tried again; if that does not end, look for a transaction that was left open.',
    cause,
  });
}
