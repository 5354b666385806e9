import { hasCode, throwProblems } from '../errors.js';
import type { AppliedChange } from '../run-report.js';
import { type Plan, type PlanStep, repeatProblems, whenReached } from '../plan/plan.js';
import { execute, record } from './execute/execute.js';
import type { AssignedChange } from '../plan/assign-target.js';
import { changeFailed } from '../report/failure.js';
import { pause } from '../time.js';
import { retryDelay } from './execute/retry.js';
import { closedMeanwhile } from './execute/stop-reasons.js';
import { leftOfRunMs, stopWhenOver } from './closing.js';
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
  reading: Reading,
  readAgain: () => Promise<Reading>,
): Promise<Work> {
  const fences = await claimTargets(run, reading.plan.pending, reading.state);
  const { settled, looked } = await settleAll(run, reading.plan, fences);
  // What was found out changes the sequence: what is pending may now stand below what is applied, or not run here.
  const { plan: now, state } = looked ? await readAgain() : reading;
  throwProblems([...now.problems, ...repeatProblems(now, state, run.engine)]);
  await skipRestricted(run, now);
  const applied: AppliedChange[] = [];
  for (const step of now.pending) {
    assertMayApply(run.by, step.change);
    // Synchronous drivers and changes would leave no turn to renewals, probes and signals.
    await run.engine.time.turn();
    stopWhenOver(run, step.change);
    applied.push(await apply(run, step, whenReached(now, step)));
  }
  return { applied, settled };
}

/** Applies one change, in as many attempts as its recovery allows one run. */
async function apply(run: RunContext, step: PlanStep, now: Plan): Promise<AppliedChange> {
  const bound = run.bound.get(step.change.id);
  if (bound === undefined) throw new TypeError(`${step.change.id} is not bound`);
  const change = referenceTo(step.change);
  for (let tried = 1; ; tried += 1) {
    const attempt = beginAttempt(run, bound, step.attempts + tried);
    await run.lease.confirm();
    run.engine.emit({ type: 'change-started', change, attempt: attempt.number, strategy: bound.strategy });
    const outcome = await execute(attempt);
    const retryMs = outcome.state === 'APPLIED' ? undefined : retryDelay(attempt, outcome, tried);
    // Whoever waits for this instance need not fail because it is shut down.
    const closed = hasCode(outcome.error, 'FLG_CLOSED');
    const final = outcome.state !== 'APPLIED' && retryMs === undefined && !closed;
    const entry = await record(attempt, outcome, final);
    const durationMs = Math.max(0, run.lease.clock.now() - attempt.startedAt);
    const { state, proof } = outcome;
    if (state === 'APPLIED') {
      run.engine.emit({ type: 'change-applied', change, durationMs, proof });
      return { ...change, proof, durationMs };
    }
    const error = recordedError(attempt, outcome.error);
    const next = retryMs === undefined ? {} : { retryMs };
    run.engine.emit({ type: 'change-failed', change, durationMs, state, proof, error, ...next });
    if (retryMs === undefined) {
      const failure = changeFailed(step.change, entry, now);
      throw closed && failure.code !== 'FLG_ISSUE_OPEN' ? closedMeanwhile(step.change) : failure;
    }
    await waitToRetry(run, step.change, retryMs);
  }
}

/** A shutdown, a lost lock and the end of the run's time end the wait as well. */
async function waitToRetry(run: RunContext, change: AssignedChange, ms: number): Promise<void> {
  const { engine, lease } = run;
  const over = new AbortController();
  const end = (): void => {
    over.abort();
  };
  const ends = [lease.signal, engine.closing];
  for (const signal of ends) signal.addEventListener('abort', end, { once: true });
  if (!ends.some((signal) => signal.aborted))
    await pause(engine.time, Math.max(1, Math.min(ms, leftOfRunMs(run))), over.signal);
  for (const signal of ends) signal.removeEventListener('abort', end);
  lease.assertHeld();
  stopWhenOver(run, change);
}
