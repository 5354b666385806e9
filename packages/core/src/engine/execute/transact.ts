import { hasCode } from '../../errors.js';
import { pause, waitedSince } from '../../time.js';
import type { TargetTransactions, TransactionOutcome, TransactionRequest } from '../../target/target.js';
import { closedBeforeEnd } from '../closing.js';
import type { Attempt } from '../run-context.js';
import { LEAST_ENDING_MS, targetPatienceMs } from '../target-patience.js';
import type { ChangeCall } from './change-call.js';
import { OneTransaction } from './one-transaction.js';

/**
 * Runs one transaction at a target, begun again while the target is busy and the call may go on, no longer than one
 * waits for the lock. One that could not begin has left nothing.
 */
export async function transact(
  { run: { engine, lease }, bound: { change } }: Attempt,
  transactions: TargetTransactions,
  call: ChangeCall,
  request: Pick<TransactionRequest, 'fence' | 'shared' | 'work' | 'beforeCommit'>,
): Promise<TransactionOutcome> {
  const { lockTimeoutMs, statementTimeoutMs } = change;
  const { time, limits, closing } = engine;
  const began = time.clocks();
  const { waitMs } = engine.lease;
  const transaction = new OneTransaction(
    transactions,
    {
      ...request,
      key: engine.key,
      idleTimeoutMs: lease.leaseMs,
      ...(lockTimeoutMs === undefined ? {} : { lockTimeoutMs }),
      ...(statementTimeoutMs === undefined ? {} : { statementTimeoutMs }),
    },
    {
      time,
      signal: call.signal,
      endMs: targetPatienceMs(engine),
      stoppedMs: Math.max(LEAST_ENDING_MS, limits.abortGraceMs),
    },
  );
  for (;;) {
    try {
      return await transaction.run(waitMs - waitedSince(time, began));
    } catch (error) {
      if (!hasCode(error, 'FLG_STORE_BUSY') || waitedSince(time, began) >= waitMs)
        return { status: 'rolled-back', error };
    }
    await pause(time, 50, call.signal);
    lease.assertHeld();
    if (call.signal.aborted) return { status: 'rolled-back', error: call.signal.reason };
    if (closing.aborted) return { status: 'rolled-back', error: closedBeforeEnd() };
  }
}
