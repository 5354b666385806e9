import { FlamingockError, hasCode, type TransactionOutcome } from '@flamingock/core/spi';
import type { SqlConnection } from '../driver/connection.js';

/** What went wrong in a transaction. */
export interface Failure {
  readonly error: unknown;
}

/** Takes a step; what it throws comes back as a value. */
export async function attempt(
  step: () => Promise<unknown> | undefined,
  describe: (error: unknown) => unknown = (error) => error,
): Promise<Failure | undefined> {
  try {
    await step();
    return undefined;
  } catch (error) {
    return { error: describe(error) };
  }
}

/** Rolls back, after something that leaves nothing behind where every table has transactions. */
export async function rolledBack(connection: SqlConnection, { error }: Failure): Promise<TransactionOutcome> {
  const failed = await rollBack(connection);
  if (connection.keptWrites) return { status: 'broken', error: kept(error) };
  return failed !== undefined && connection.inTransaction && connection.lost === undefined
    ? { status: 'unknown', error: failed.error }
    : { status: 'rolled-back', error };
}

/** Rolls back what there is, after the transaction was not ours any more. */
export async function breakOff(connection: SqlConnection, { error }: Failure): Promise<TransactionOutcome> {
  await rollBack(connection);
  connection.discard();
  return { status: 'broken', error: broken(error) };
}

/** The transaction was rolled back, but not all that the change had done. */
function kept(cause: unknown): FlamingockError {
  return new FlamingockError({
    code: 'FLG_TRANSACTION_BROKEN',
    message:
      'The change was rolled back, and what it had written to tables without transactions (MyISAM, Aria, MEMORY) is still there.',
    hint: 'Look what is there, and resolve the change; a change with transactional: true writes to InnoDB tables alone.',
    cause,
  });
}

/** Rolls back. */
export function rollBack(connection: SqlConnection): Promise<Failure | undefined> {
  return attempt(() => connection.rollback());
}

/** A statement of the change failed, and the change went on. */
export function aborted(cause: unknown): FlamingockError {
  return new FlamingockError({
    code: 'FLG_TRANSACTION_ABORTED',
    message:
      'A statement of the change failed, and the change went on as if nothing had happened. Everything was rolled back.',
    hint: 'Let the error pass, or set a savepoint before a statement that may fail and go back to it.',
    cause,
  });
}

/**
 * The change ended the transaction.
 *
 * @param error what the change threw, or what told that the savepoint is gone; of a swallowed statement its own error
 */
export function broken(error: unknown): FlamingockError {
  const cause = hasCode(error, 'FLG_TRANSACTION_ABORTED') ? error.cause : error;
  return new FlamingockError({
    code: 'FLG_TRANSACTION_BROKEN',
    message: 'The change ended its transaction by itself, so that a part of it may be committed.',
    hint: 'Leave BEGIN, COMMIT and ROLLBACK to the engine, and use no statement that rolls back by itself (OR ROLLBACK); or say transactional: false.',
    cause,
  });
}
