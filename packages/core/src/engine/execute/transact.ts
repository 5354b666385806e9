import { hasCode } from '../../errors.js';
import { pause, waitedSince } from '../../time.js';
import type { TargetTransactions, TransactionOutcome, TransactionRequest } from '../../target/target.js';
import { closedBeforeEnd } from '../closing.js';
import type { Attempt } from '../run-context.js';
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
  for (;;) {
    const leftMs = engine.lease.waitMs - waitedSince(time, began);
    try {
      return await new OneTransaction(transactions, {
        time,
        signal: call.signal,
        beginMs: leftMs,
        endMs: engine.lease.waitMs,
        stoppedMs: limits.abortGraceMs,
      }).run({
        ...request,
        key: engine.key,
        idleTimeoutMs: lease.leaseMs,
        ...(lockTimeoutMs === undefined ? {} : { lockTimeoutMs }),
        ...(statementTimeoutMs === undefined ? {} : { statementTimeoutMs }),
      });
    } catch (error) {
      if (!hasCode(error, 'FLG_STORE_BUSY') || waitedSince(time, began) >= engine.lease.waitMs)
        return { status: 'rolled-back', error };
    }
    await pause(time, 50, call.signal);
    lease.assertHeld();
    if (call.signal.aborted) return { status: 'rolled-back', error: call.signal.reason };
    if (closing.aborted) return { status: 'rolled-back', error: closedBeforeEnd() };
  }
}
