import { hasCode } from '../../errors.js';
import type { TargetTransactions } from '../../target/target.js';
import { claimFence } from '../fences.js';
import { attemptEntry, type Attempt, done, failed, type Outcome } from '../run-context.js';
import { ChangeCall } from './change-call.js';
import { transact } from './transact.js';
import { brokenOutcome } from './verify.js';

/**
 * `TX_SEPARATE`: `STARTED` in the ledger; then a transaction at the target that begins by writing that entry's
 * sequence into the fence row (`begun`), which must still carry this run's token, and ends by writing it once more
 * (`applied`); then the outcome. After a crash the fence row tells whether the transaction committed, and whether
 * it was the change itself that committed a part of it.
 */
export async function executeSeparate(attempt: Attempt, transactions: TargetTransactions): Promise<Outcome> {
  return ChangeCall.of(attempt, attempt.action.method, (call) => execute(attempt, transactions, call));
}

async function execute(
  attempt: Attempt,
  transactions: TargetTransactions,
  call: ChangeCall,
): Promise<Outcome> {
  const { lease, tail, token } = attempt.run;
  const started = await tail.append(attemptEntry(attempt, { state: 'STARTED', proof: 'none' }));
  const outcome = await transact(attempt, transactions, call, {
    fence: { claimed: token, sequence: started.sequence },
    work: async (clients) => {
      await call.run(clients);
    },
  });
  switch (outcome.status) {
    case 'committed':
      return done(attempt, 'transaction');
    case 'rolled-back':
      if (hasCode(outcome.error, 'FLG_LOCK_LOST')) throw outcome.error;
      return failed(attempt, 'transaction', outcome.error);
    case 'broken':
      return brokenOutcome(attempt, outcome.error);
    case 'fenced':
      throw lease.lose('a later run has claimed the target system');
    case 'unknown': {
      // Claiming again waits for the original transaction, and then reads what it left.
      const fence = await claimFence(attempt.run, attempt.bound.change.targetSystem, transactions);
      if (fence.applied === started.sequence) return done(attempt, 'fence');
      if (fence.begun === started.sequence) return brokenOutcome(attempt, outcome.error);
      return failed(attempt, 'fence', outcome.error);
    }
  }
}
