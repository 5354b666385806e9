import { setTimeout as sleep } from 'node:timers/promises';
import { FlamingockError, type ObservedAttempt, type TargetEvidence } from '@flamingock/core/spi';
import type { ForeignTransaction } from '../driver/driver.js';

/** How long a transaction may still be open after the change, in milliseconds: it may be the application's. */
const PATIENCE_MS = 1_000;
const PAUSE_MS = 20;

/**
 * Looks, after a change with `transactional: false`, whether it has left a transaction of its own open on the only
 * connection that there is. Nothing of it would ever be committed, so it is rolled back and the change has failed. That
 * proves nothing: what the change had done before it began the transaction is still there.
 */
export function unendedTransactions(transaction: ForeignTransaction): TargetEvidence {
  return {
    async observe(attempt) {
      const wasOpen = await transaction.isOpen();
      const observed = await observe(attempt);
      if (wasOpen || !(await staysOpen(transaction))) return observed;
      const error: unknown = await transaction.rollBack().then(leftOpen, (failure: unknown) => failure);
      return observed.outcome === 'threw' ? observed : failed(error);
    },
  };
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
  for (let waitedMs = 0; waitedMs < PATIENCE_MS && (await transaction.isOpen()); waitedMs += PAUSE_MS)
    await sleep(PAUSE_MS);
  return transaction.isOpen();
}

function failed(error: unknown): ObservedAttempt {
  return { outcome: 'threw', error, evidence: { proof: 'none', settled: true } };
}

/** A change has begun a transaction and not ended it. */
export function leftOpen(): FlamingockError {
  return new FlamingockError({
    code: 'FLG_TRANSACTION_BROKEN',
    message: 'The change left a transaction open that it had begun; it was rolled back.',
    hint: 'With transactional: false a change ends every transaction that it begins, on the connection on which it began it; or leave transactions to the engine, without transactional: false.',
  });
}
