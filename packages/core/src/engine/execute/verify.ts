import type { Verdict } from '../../change/change.js';
import { readObservation } from '../../change/observation.js';
import { type Attempt, done, failed, type Outcome } from '../run-context.js';
import { ChangeCall } from './change-call.js';
import { mayStillRun } from './may-still-run.js';
import { transact } from './transact.js';

/**
 * Asks a change's `verify` what the target system holds. `UNKNOWN` where it has none, cannot tell, throws, or
 * answers something else: a doubt is never a proof.
 */
async function askVerify(attempt: Attempt): Promise<Verdict> {
  const { bound, run } = attempt;
  if (bound.change.verify === undefined) return 'UNKNOWN';
  try {
    const answer = await ChangeCall.of(attempt, 'verify', (call) =>
      bound.strategy === 'NON_TX' ? call.run() : inTransaction(attempt, call),
    );
    const seen = readObservation(answer, (line) => run.engine.redactor.redact(line));
    if (seen === undefined) {
      run.engine.logger.warn(
        `${bound.change.id}: verify must answer 'APPLIED', 'NOT_APPLIED' or 'UNKNOWN'; its answer counts as 'UNKNOWN'`,
      );
      return 'UNKNOWN';
    }
    for (const line of seen.differences) run.engine.logger.info(`${bound.change.id}: verify: ${line}`);
    return seen.verdict;
  } catch (error) {
    run.lease.assertHeld();
    run.engine.logger.warn(
      `${bound.change.id}: verify failed (${run.engine.redactor.record(error).message})`,
    );
    return 'UNKNOWN';
  }
}

/** As {@link askVerify}, of what the attempt was to do: an undo is done where the change is not there any more. */
export async function askWhetherDone(attempt: Attempt): Promise<'done' | 'not-done' | 'unknown'> {
  const verdict = await askVerify(attempt);
  if (verdict === 'UNKNOWN') return 'unknown';
  return (verdict === 'APPLIED') === (attempt.action.done === 'APPLIED') ? 'done' : 'not-done';
}

/** A change that ended its transaction by itself may have committed a part: only its `verify` can tell what is there. */
export async function brokenOutcome(attempt: Attempt, error: unknown): Promise<Outcome> {
  const found = await askWhetherDone(attempt);
  if (found === 'done') return done(attempt, 'verify');
  // Its last statement may still be executed where its connection broke: then verify has come too early.
  return failed(attempt, found === 'not-done' && !mayStillRun(error) ? 'verify' : 'none', error);
}

/** `verify` of a transactional change gets the same bound clients; its transaction is always rolled back. */
async function inTransaction(attempt: Attempt, call: ChangeCall): Promise<unknown> {
  const { transactions } = attempt.bound.target;
  if (transactions === undefined) return undefined;
  const looked = new Error('verify only looks');
  let answer: { readonly verdict: unknown } | undefined;
  const outcome = await transact(attempt, transactions, call, {
    work: async (clients) => {
      answer = { verdict: await call.run(clients) };
      throw looked;
    },
  });
  if (answer === undefined && 'error' in outcome) throw outcome.error;
  return answer?.verdict;
}
