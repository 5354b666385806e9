import { FlamingockError } from '@flamingock/core/spi';
import type { SqlDialect } from './dialect.js';

/** The coded error that a driver's error stands for, or the error as it is. */
export function coded(dialect: SqlDialect, error: unknown): unknown {
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
