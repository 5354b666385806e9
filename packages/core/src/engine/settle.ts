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
import type { Fence } from './fences.js';
import { askVerify } from './execute/verify.js';

/** What is known of an interrupted execution after everything that can prove it was asked. */
export type Settlement = 'applied' | 'apply-again';

/**
 * Settles an execution without a proven outcome: by the fence row of its target, by `verify`, by its recovery
 * strategy, in this order. Records what it finds out. Throws `FLG_ISSUE_OPEN` where only a person can tell.
 *
 * @param fences what the fence of each claimed target shows
 */
export async function settle(
  run: RunContext,
  step: PlanStep,
  plan: Plan,
  fences: ReadonlyMap<string, Fence>,
): Promise<Settlement> {
  const { latest, change } = step;
  const bound = run.bound.get(change.id);
  if (latest === undefined || bound === undefined) return 'apply-again';
  const attempt = beginAttempt(run, bound, latest.attempt);

  const fence = fences.get(latest.targetSystem);
  if (latest.state === 'STARTED' && latest.strategy === 'TX_SEPARATE' && fence !== undefined) {
    const committed = fence.applied === latest.sequence;
    // Begun and not applied: the change ended its transaction by itself, and what it committed nobody knows.
    if (committed || fence.begun !== latest.sequence) {
      await record(attempt, latest, { state: committed ? 'APPLIED' : 'FAILED', proof: 'fence' });
      return committed ? 'applied' : 'apply-again';
    }
  }
  // What another target system holds now tells nothing of the one where the change was interrupted.
  const verdict = latest.targetSystem === change.targetSystem ? await askVerify(attempt) : 'UNKNOWN';
  if (verdict !== 'UNKNOWN') {
    await record(attempt, latest, { state: verdict === 'APPLIED' ? 'APPLIED' : 'FAILED', proof: 'verify' });
    return verdict === 'APPLIED' ? 'applied' : 'apply-again';
  }
  if (change.recovery === 'ALWAYS_RETRY') return 'apply-again';
  // Once it is recorded, the other instances fail with it at once, without the lock.
  const known = isUnproven(latest)
    ? latest
    : await record(attempt, latest, { state: 'FAILED', proof: 'none', error: withoutOutcome(), final: true });
  throw issueOpen(change, known, plan);
}

/** The entry is about the execution that was interrupted, wherever the change is aimed now. */
async function record(
  attempt: Attempt,
  interrupted: ChangeEntry,
  result: AttemptResult,
): Promise<ChangeEntry> {
  const { run, bound } = attempt;
  const { targetSystem, strategy } = interrupted;
  const entry = await run.tail.append({ ...attemptEntry(attempt, result), targetSystem, strategy });
  run.engine.emit({
    type: 'change-settled',
    change: referenceTo(bound.change),
    state: result.state,
    proof: result.proof,
  });
  return entry as ChangeEntry;
}

function withoutOutcome(): Error {
  return Object.assign(new Error('the process that ran it ended before it recorded an outcome'), {
    name: 'Interrupted',
  });
}
