import { throwProblems } from '../errors.js';
import type { AppliedChange } from '../flamingock.js';
import { type Plan, type PlanStep, whenReached } from '../plan/plan.js';
import { execute, record } from './execute/execute.js';
import { changeFailed } from '../report/failure.js';
import { stopWhenClosing } from './closing.js';
import { claimTargets } from './fences.js';
import { beginAttempt, recordedError, referenceTo, type RunContext } from './run-context.js';
import { assertMayApply } from './may-apply.js';
import type { Reading } from './sequence.js';
import { settleAll } from './settle.js';
import { skipRestricted } from './skip-restricted.js';

/** What a run did. */
export interface Work {
  readonly applied: readonly AppliedChange[];
  /** Ids of interrupted changes that were found to be applied. */
  readonly settled: readonly string[];
}

/**
 * Applies what is pending, one change at a time and in order, each outcome durable before the next one starts.
 * Throws one coded error at the first change that fails.
 *
 * @param readAgain reads the ledger and plans anew
 */
export async function runPending(
  run: RunContext,
  { plan, state }: Reading,
  readAgain: () => Promise<Reading>,
): Promise<Work> {
  const fences = await claimTargets(run, plan.pending, state);
  const { settled, changed } = await settleAll(run, plan, fences);
  // What was found applied changes the sequence: something that is pending may now stand below it.
  const now = changed ? (await readAgain()).plan : plan;
  throwProblems(now.problems);
  await skipRestricted(run, now);
  const applied: AppliedChange[] = [];
  for (const step of now.pending) {
    assertMayApply(run.by, step.change);
    // Synchronous drivers and changes would leave no turn to renewals, probes and signals.
    await run.engine.time.turn();
    stopWhenClosing(run.engine);
    applied.push(await apply(run, step, whenReached(now, step)));
  }
  return { applied, settled };
}

async function apply(run: RunContext, step: PlanStep, now: Plan): Promise<AppliedChange> {
  const bound = run.bound.get(step.change.id);
  if (bound === undefined) throw new TypeError(`${step.change.id} is not bound`);
  const change = referenceTo(step.change);
  const attempt = beginAttempt(run, bound, step.attempts + 1);
  await run.lease.confirm();
  run.engine.emit({ type: 'change-started', change, attempt: attempt.number, strategy: bound.strategy });
  const outcome = await execute(attempt);
  const entry = await record(attempt, outcome, outcome.state !== 'APPLIED');
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
