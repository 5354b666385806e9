import { hasCode } from '../../errors.js';
import { pause, waitedSince } from '../../time.js';
import type { TargetTransactions, TransactionOutcome, TransactionRequest } from '../../target/target.js';
import { stopWhenClosing } from '../closing.js';
import type { Attempt } from '../run-context.js';

/**
 * Runs one transaction at a target, begun again while the target is busy and the lease is held, no longer than one
 * waits for the lock. One that could not begin has left nothing.
 */
export async function transact(
  { run: { engine, lease }, bound: { change } }: Attempt,
  transactions: TargetTransactions,
  request: Pick<TransactionRequest, 'fence' | 'shared' | 'work' | 'beforeCommit'>,
): Promise<TransactionOutcome> {
  const { lockTimeoutMs, statementTimeoutMs } = change;
  const began = engine.time.clocks();
  for (;;) {
    try {
      return await transactions.run({
        ...request,
        key: engine.key,
        idleTimeoutMs: lease.leaseMs,
        ...(lockTimeoutMs === undefined ? {} : { lockTimeoutMs }),
        ...(statementTimeoutMs === undefined ? {} : { statementTimeoutMs }),
      });
    } catch (error) {
      if (!hasCode(error, 'FLG_STORE_BUSY') || waitedSince(engine.time, began) >= engine.lease.waitMs)
        return { status: 'rolled-back', error };
    }
    await pause(engine.time, 50, lease.signal);
    lease.assertHeld();
    stopWhenClosing(engine);
  }
}
