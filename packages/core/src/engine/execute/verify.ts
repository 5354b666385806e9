import type { Verdict } from '../../change/change.js';
import { orAbort } from '../../lock/or-abort.js';
import type { BoundClients } from '../../target/target.js';
import { invoke } from '../../dependencies/binding.js';
import { type Attempt, done, failed, type Outcome } from '../run-context.js';
import { transact } from './transact.js';

/**
 * Asks a change's `verify` what the target system holds. `UNKNOWN` where it has none, cannot tell, throws, or
 * answers something else: a doubt is never a proof.
 */
export async function askVerify(attempt: Attempt): Promise<Verdict> {
  const { bound, context, run } = attempt;
  if (bound.change.verify === undefined) return 'UNKNOWN';
  const ask = (clients?: BoundClients): Promise<unknown> =>
    orAbort(invoke(bound, 'verify', context, clients), run.lease.signal);
  try {
    const answer = bound.strategy === 'NON_TX' ? await ask() : await inTransaction(attempt, ask);
    if (answer === 'APPLIED' || answer === 'NOT_APPLIED' || answer === 'UNKNOWN') return answer;
    run.engine.logger.warn(
      `${context.changeId}: verify must answer 'APPLIED', 'NOT_APPLIED' or 'UNKNOWN'; its answer counts as 'UNKNOWN'`,
    );
    return 'UNKNOWN';
  } catch (error) {
    run.lease.assertHeld();
    run.engine.logger.warn(
      `${context.changeId}: verify failed (${run.engine.redactor.record(error).message})`,
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
  return found === 'done'
    ? done(attempt, 'verify')
    : failed(attempt, found === 'not-done' ? 'verify' : 'none', error);
}

/** `verify` of a transactional change gets the same bound clients; its transaction is always rolled back. */
async function inTransaction(
  attempt: Attempt,
  ask: (clients: BoundClients) => Promise<unknown>,
): Promise<unknown> {
  const { transactions } = attempt.bound.target;
  const looked = new Error('verify only looks');
  let answer: unknown;
  if (transactions !== undefined)
    await transact(attempt, transactions, {
      work: async (clients) => {
        answer = await ask(clients);
        throw looked;
      },
    });
  return answer;
}
