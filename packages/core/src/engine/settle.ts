import { isUnproven } from '../ledger/fold.js';
import type { ChangeEntry } from '../ledger/entry.js';
import type { Plan, PlanStep } from '../plan/plan.js';
import { issueOpen } from '../report/failure.js';
import {
  attemptEntry,
  beginAttempt,
  referenceTo,
  type Attempt,
  type AttemptResult,
  type RunContext,
} from './run-context.js';
import { askVerify } from './execute/verify.js';

/** What is known of an interrupted execution after everything that can prove it was asked. */
export type Settlement = 'applied' | 'apply-again';

/**
 * Settles an execution without a proven outcome: by the fence row of its target, by `verify`, by its recovery
 * strategy, in this order. Records what it finds out. Throws `FLG_ISSUE_OPEN` where only a person can tell.
 *
 * @param fence the sequence of the last change that committed at the target, where it was claimed
 */
export async function settle(
  run: RunContext,
  step: PlanStep,
  plan: Plan,
  fence: number | undefined,
): Promise<Settlement> {
  const { latest, change } = step;
  const bound = run.bound.get(change.id);
  if (latest === undefined || bound === undefined) return 'apply-again';
  const attempt = beginAttempt(run, bound, latest.attempt);

  if (latest.state === 'STARTED' && latest.strategy === 'TX_SEPARATE' && fence !== undefined) {
    const committed = fence === latest.sequence;
    await record(attempt, { state: committed ? 'APPLIED' : 'FAILED', proof: 'fence' });
    return committed ? 'applied' : 'apply-again';
  }
  const verdict = await askVerify(attempt);
  if (verdict !== 'UNKNOWN') {
    await record(attempt, { state: verdict === 'APPLIED' ? 'APPLIED' : 'FAILED', proof: 'verify' });
    return verdict === 'APPLIED' ? 'applied' : 'apply-again';
  }
  if (change.recovery === 'ALWAYS_RETRY') return 'apply-again';
  // Once it is recorded, the other instances fail with it at once, without the lock.
  const known = isUnproven(latest)
    ? latest
    : await record(attempt, { state: 'FAILED', proof: 'none', error: interrupted(), final: true });
  throw issueOpen(change, known, plan);
}

async function record(attempt: Attempt, result: AttemptResult): Promise<ChangeEntry> {
  const { run, bound } = attempt;
  const entry = await run.tail.append(attemptEntry(attempt, result));
  run.engine.emit({
    type: 'change-settled',
    change: referenceTo(bound.change),
    state: result.state,
    proof: result.proof,
  });
  return entry as ChangeEntry;
}

function interrupted(): Error {
  return Object.assign(new Error('the process that ran it ended before it recorded an outcome'), {
    name: 'Interrupted',
  });
}
