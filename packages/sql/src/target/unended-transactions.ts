import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Evidence,
  FlamingockError,
  type ObservedAttempt,
  type TargetEvidence,
} from '@flamingock/core/spi';
import type { ForeignTransaction } from '../driver/driver.js';
import { transactionOfApplication } from '../driver/unfit-connection.js';

/** How long a transaction may still be open before the change, and after it, in milliseconds: it may be the application's. */
const PATIENCE_MS = 1_000;
const PAUSE_MS = 20;
/** How long a connection may take to answer, in milliseconds: one that is silently dead never does. */
const ANSWER_MS = 5_000;

/**
 * Looks, after a change with `transactional: false`, whether it has left a transaction of its own open on the only
 * connection that there is. Nothing of it would ever be committed, so it is rolled back and the change has failed. That
 * proves nothing: what the change had done before it began the transaction is still there.
 *
 * A transaction of the application that is open before the change is waited for. The change is not called in one that stays
 * open (`FLG_STORE_SHARED_CONNECTION`): what it does would be part of it, and undone with it after it was recorded as done.
 */
export function unendedTransactions(transaction: ForeignTransaction): TargetEvidence {
  return {
    async observe(attempt) {
      try {
        if (await staysOpen(transaction)) return notSent(transactionOfApplication());
      } catch (error) {
        return notSent(unreachable(error));
      }
      const observed = await observe(attempt);
      try {
        if (!(await staysOpen(transaction))) return observed;
        await answered(transaction.rollBack());
        return observed.outcome === 'threw' ? observed : failed(leftOpen());
      } catch (error) {
        // What the change has sent may still be executed.
        return {
          ...failed(observed.outcome === 'threw' ? observed.error : unreachable(error)),
          evidence: UNSETTLED,
        };
      }
    },
  };
}

const UNSETTLED: Evidence = { proof: 'none', settled: false };

/** The answer of a connection, within the time that one may take. */
async function answered<T>(answer: T | Promise<T>): Promise<T> {
  const limit = new AbortController();
  const silence = sleep(ANSWER_MS, undefined, { signal: limit.signal }).then(() => {
    throw new Error(`It has not answered for ${ANSWER_MS} ms.`);
  });
  try {
    return await Promise.race([answer, silence]);
  } finally {
    limit.abort();
    silence.catch(() => undefined);
  }
}

async function observe(attempt: () => Promise<void>): Promise<ObservedAttempt> {
  try {
    await attempt();
    return { outcome: 'returned' };
  } catch (error) {
    return failed(error);
  }
}

async function staysOpen(transaction: ForeignTransaction): Promise<boolean> {
  const until = performance.now() + PATIENCE_MS;
  while (await answered(transaction.isOpen())) {
    if (performance.now() >= until) return true;
    await sleep(PAUSE_MS);
  }
  return false;
}

function notSent(error: FlamingockError): ObservedAttempt {
  return { outcome: 'threw', error, evidence: { proof: 'not-sent', settled: true } };
}

function failed(error: unknown): ObservedAttempt {
  return { outcome: 'threw', error, evidence: { proof: 'none', settled: true } };
}

/** Nobody can tell whether a transaction is open. */
function unreachable(cause: unknown): FlamingockError {
  return new FlamingockError({
    code: 'FLG_TARGET_UNREACHABLE',
    message: 'The connection of the target system does not say whether a transaction is open on it.',
    hint: 'Look whether the server can be reached and the connection is in use; a pool replaces connections that have died.',
    cause,
  });
}

/** A change has begun a transaction and not ended it. */
export function leftOpen(): FlamingockError {
  return new FlamingockError({
    code: 'FLG_TRANSACTION_BROKEN',
    message: 'The change left a transaction open that it had begun; it was rolled back.',
    hint: 'With transactional: false a change ends every transaction that it begins, on the connection on which it began it; or leave transactions to the engine, without transactional: false.',
  });
}
