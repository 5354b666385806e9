import { FlamingockError, hasCode, type TransactionOutcome } from '@flamingock/core/spi';
import { hasLabel, isBusy, isTransactionGone, storeBusy } from '../errors.js';

/** An operation of the change failed, and the change went on; or the server has ended the transaction by itself. */
export function aborted(cause: unknown): FlamingockError {
  return new FlamingockError({
    code: 'FLG_TRANSACTION_ABORTED',
    message:
      'The server has ended the transaction of the change: one of its operations failed and the change went on, or it was open for longer than transactionLifetimeLimitSeconds. Everything was rolled back.',
    hint: 'Let the error of an operation pass. For a change that takes longer than a minute say transactional: false.',
    cause,
  });
}

/** An operation that the change did not wait for has not ended: nobody can say what a commit would hold. */
export function unanswered(waitedMs: number): FlamingockError {
  return new FlamingockError({
    code: 'FLG_TRANSACTION_ABORTED',
    message: `An operation that the change did not wait for had no answer for ${waitedMs} ms after its end. Everything was rolled back.`,
    hint: 'Wait for every operation of the change.',
  });
}

/** The change ended the transaction by itself. */
export function broken(cause: unknown): FlamingockError {
  return new FlamingockError({
    code: 'FLG_TRANSACTION_BROKEN',
    message: 'The change ended its transaction by itself, so that a part of it may be committed.',
    hint: 'Leave startTransaction, commitTransaction and abortTransaction to the engine; or say transactional: false.',
    ...(cause === undefined || hasCode(cause, 'FLG_TRANSACTION_BROKEN') ? {} : { cause }),
  });
}

/**
 * What a commit that failed has left. Only where the server says that the transaction is gone, nothing: after everything
 * else it may have been committed, or be committed yet.
 */
export function outcomeOfCommit(error: unknown): TransactionOutcome {
  const gone =
    hasLabel(error, 'TransientTransactionError') && !hasLabel(error, 'UnknownTransactionCommitResult');
  if (!gone) return { status: 'unknown', error };
  if (isTransactionGone(error)) return { status: 'rolled-back', error: aborted(error) };
  return { status: 'rolled-back', error: isBusy(error) ? storeBusy(error) : error };
}

/** The server does not know the transaction any more: also where the store has told it as busy, nothing is to be repeated. */
export function endedByServer(error: unknown): unknown {
  const cause = hasCode(error, 'FLG_STORE_BUSY') ? error.cause : error;
  return isTransactionGone(cause) ? aborted(cause) : error;
}
