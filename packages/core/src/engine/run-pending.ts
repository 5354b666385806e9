import { FlamingockError } from '../errors.js';
import type { AppliedChange } from '../flamingock.js';
import type { ChangeEntry } from '../ledger/entry.js';
import type { LedgerState } from '../ledger/fold.js';
import type { Plan, PlanStep } from '../plan/plan.js';
import type { BoundChange } from '../dependencies/binding.js';
import { executePlain } from './execute/execute-plain.js';
import { executeSeparate } from './execute/execute-separate.js';
import { executeShared } from './execute/execute-shared.js';
import { changeFailed } from '../report/failure.js';
import { claimTargets } from './fences.js';
import {
  type Attempt,
  attemptEntry,
  beginAttempt,
  type Outcome,
  recordedError,
  referenceTo,
  type RunContext,
} from './run-context.js';
import { settle } from './settle.js';

/**
 * Applies what is pending, one change at a time and in order, each outcome durable before the next one starts.
 * Throws one coded error at the first change that fails.
 */
export async function runPending(
  run: RunContext,
  plan: Plan,
  state: LedgerState,
): Promise<readonly AppliedChange[]> {
  const fences = await claimTargets(run, plan.pending, state);
  const remaining = await settleAll(run, plan, fences);
  const applied: AppliedChange[] = [];
  for (const step of remaining) {
    stopWhenClosing(run);
    applied.push(await apply(run, step, withApplied(plan, step)));
  }
  return applied;
}

/** Settles every open execution before the first change runs; what is found applied does not remain. */
async function settleAll(
  run: RunContext,
  plan: Plan,
  fences: ReadonlyMap<string, number>,
): Promise<readonly PlanStep[]> {
  const remaining: PlanStep[] = [];
  for (const step of plan.pending) {
    const settled =
      step.action === 'settle'
        ? await settle(run, step, withApplied(plan, step), fences.get(step.change.targetSystem))
        : 'apply-again';
    if (settled === 'apply-again') remaining.push(step);
  }
  return remaining;
}

async function apply(run: RunContext, step: PlanStep, now: Plan): Promise<AppliedChange> {
  const bound = run.bound.get(step.change.id);
  if (bound === undefined) throw new TypeError(`${step.change.id} is not bound`);
  const change = referenceTo(step.change);
  const attempt = beginAttempt(run, bound, step.attempts + 1);
  run.lease.assertHeld();
  run.engine.emit({ type: 'change-started', change, attempt: attempt.number, strategy: bound.strategy });
  const outcome = await execute(attempt, bound);
  const entry = await record(attempt, outcome);
  const durationMs = Math.max(0, run.lease.clock.now() - attempt.startedAt);
  if (outcome.state !== 'APPLIED') {
    const error = recordedError(attempt, outcome.error);
    run.engine.emit({
      type: 'change-failed',
      change,
      durationMs,
      state: outcome.state,
      proof: outcome.proof,
      error,
    });
    throw changeFailed(step.change, entry, now);
  }
  run.engine.emit({ type: 'change-applied', change, durationMs, proof: outcome.proof });
  return { ...change, proof: outcome.proof, durationMs };
}

function execute(attempt: Attempt, bound: BoundChange): Promise<Outcome> {
  const { transactions } = bound.target;
  if (bound.strategy === 'NON_TX' || transactions === undefined) return executePlain(attempt);
  return bound.strategy === 'TX_SHARED'
    ? executeShared(attempt, transactions)
    : executeSeparate(attempt, transactions);
}

async function record(attempt: Attempt, outcome: Outcome): Promise<ChangeEntry> {
  const { recorded, ...result } = outcome;
  const final = result.state !== 'APPLIED';
  return (recorded ??
    (await attempt.run.tail.append(attemptEntry(attempt, { ...result, final })))) as ChangeEntry;
}

/** The plan as it stands when a step is reached: everything before it is applied. */
function withApplied(plan: Plan, current: PlanStep): Plan {
  const position = plan.steps.indexOf(current);
  const steps = plan.steps.map((step, index): PlanStep =>
    index < position ? { ...step, action: 'skip' } : step,
  );
  return { ...plan, steps, pending: plan.pending.slice(plan.pending.indexOf(current)) };
}

function stopWhenClosing(run: RunContext): void {
  if (!run.engine.closing.aborted) return;
  throw new FlamingockError({
    code: 'FLG_CLOSED',
    message: 'The instance was closed before its sequence was complete.',
    hint: 'Start again: the next start goes on where this one stopped.',
  });
}
