import { FlamingockError } from '../../errors.js';
import { isNotApplied } from '../../change/not-applied.js';
import type { ObservedAttempt } from '../../target/target.js';
import { place } from '../../plan/assign-target.js';
import { construct } from '../../dependencies/binding.js';
import { attemptEntry, type Attempt, done, failed, type Outcome } from '../run-context.js';
import { ChangeCall } from './change-call.js';
import { mayStillRun } from './may-still-run.js';
import { askWhetherDone } from './verify.js';

type ThrownAttempt = Extract<ObservedAttempt, { readonly outcome: 'threw' }>;

/**
 * `NON_TX`: `STARTED` in the ledger; the change; then the outcome. What a failure proves is found out here and
 * now, because the next run cannot reconstruct it.
 */
export async function executePlain(attempt: Attempt): Promise<Outcome> {
  const { run, action } = attempt;
  const { observed, call } = await ChangeCall.of(attempt, action.method, async (made) => ({
    observed: await perform(attempt, made),
    call: made,
  }));
  if (observed.outcome === 'threw' && !call.began) {
    run.lease.assertHeld();
    // Announced, and then there was no time left to call it.
    if (call.signal.aborted && run.tail.unsettled) return failed(attempt, 'not-sent', observed.error);
    throw observed.error;
  }
  await run.lease.confirm();
  if (observed.outcome === 'threw') return failure(attempt, observed, call);
  return done(attempt, action.method === 'rollback' ? 'rollback' : 'none');
}

async function perform(attempt: Attempt, call: ChangeCall): Promise<ObservedAttempt> {
  const { run, checkpoint } = attempt;
  const observed = await observe(attempt, call, async () => {
    // Observed as well, because a constructor may send something already.
    const instance = constructed(attempt, call);
    const started = await run.tail.append(attemptEntry(attempt, { state: 'STARTED', proof: 'none' }));
    await checkpoint.claim(started.sequence);
    // A process that was stopped while it wrote that entry may have lost the lock by now.
    await run.lease.confirm();
    await call.run(call.clients, instance);
  });
  checkpoint.end();
  return observed;
}

/** Before anything is recorded: a constructor that throws has applied nothing and must not leave an issue. */
function constructed({ bound, run }: Attempt, call: ChangeCall): unknown {
  try {
    return construct(bound, call.clients);
  } catch (error) {
    throw new FlamingockError({
      code: 'FLG_CHANGE_INVALID',
      message: `${place(bound.change)} could not be constructed: ${run.engine.redactor.record(error).message}.`,
      hint: 'Correct its constructor; the change was not executed.',
    });
  }
}

async function observe(
  { bound }: Attempt,
  call: ChangeCall,
  apply: () => Promise<void>,
): Promise<ObservedAttempt> {
  if (bound.target.evidence !== undefined) return bound.target.evidence.observe(apply, call.use);
  try {
    await apply();
    return { outcome: 'returned' };
  } catch (error) {
    return { outcome: 'threw', error, evidence: { proof: 'none', settled: !mayStillRun(error) } };
  }
}

/** Asks for a proof in this order: the change itself, what the target was seen to do, `verify`, a rollback. */
async function failure(attempt: Attempt, observed: ThrownAttempt, call: ChangeCall): Promise<Outcome> {
  const { error, evidence } = observed;
  const { action, bound } = attempt;
  if (isNotApplied(error)) return failed(attempt, 'rejected', error);
  if (evidence.proof !== 'none' && bound.covered && !call.stillActing)
    return failed(attempt, evidence.proof, error);
  const found = await askWhetherDone(attempt);
  if (found === 'done') return done(attempt, 'verify');
  const settled = hasSettled(observed, call);
  if (found === 'not-done' && settled) return failed(attempt, 'verify', error);
  // A resumable change keeps what it has done: the next attempt goes on from there.
  const canGoBack =
    action.method === 'apply' && bound.change.rollback !== undefined && !bound.change.resumable;
  if (!canGoBack || !settled) return failed(attempt, 'none', error);
  return rollBack(attempt, error);
}

async function rollBack(attempt: Attempt, error: unknown): Promise<Outcome> {
  const { run } = attempt;
  run.lease.assertHeld();
  const { call, observed } = await ChangeCall.of(attempt, 'rollback', async (made) => ({
    call: made,
    observed: await observe(attempt, made, async () => {
      await made.run();
    }),
  }));
  run.lease.assertHeld();
  if (observed.outcome === 'returned') return { state: 'ROLLED_BACK', proof: 'rollback', error };
  // There was no time left to begin it.
  if (!call.began) return failed(attempt, 'none', error);
  const found = await askWhetherDone(attempt);
  // That the rollback itself had no effect proves nothing: what it was to take back may be there.
  if (found === 'not-done' && hasSettled(observed, call))
    return { state: 'ROLLED_BACK', proof: 'verify', error };
  return {
    state: 'ROLLBACK_FAILED',
    proof: 'none',
    error: new AggregateError([error], 'the rollback failed too', { cause: observed.error }),
  };
}

/** Whether nothing of a failed call can still be executed: otherwise it may come after verify has looked, or a rollback ran. */
function hasSettled({ error, evidence }: ThrownAttempt, { signal }: ChangeCall): boolean {
  return evidence.settled && !signal.aborted && !mayStillRun(error);
}
