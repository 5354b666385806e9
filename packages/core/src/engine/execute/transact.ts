import { hasCode } from '../../errors.js';
import { pause } from '../../lock/pause.js';
import type { TargetTransactions, TransactionOutcome, TransactionRequest } from '../../target/target.js';
import type { Lease } from '../../lock/lease.js';

/**
 * Runs one transaction at a target, begun again while the target is busy and the lease is held. One that could
 * not begin has left nothing.
 */
export async function transact(
  lease: Lease,
  transactions: TargetTransactions,
  request: Omit<TransactionRequest, 'idleTimeoutMs'>,
): Promise<TransactionOutcome> {
  for (;;) {
    try {
      return await transactions.run({ ...request, idleTimeoutMs: lease.leaseMs });
    } catch (error) {
      if (!hasCode(error, 'FLG_STORE_BUSY')) return { status: 'rolled-back', error };
    }
    await pause(50, lease.signal);
    lease.assertHeld();
  }
}
