import type { Plan } from '../plan/plan.js';
import type { BoundChange } from '../dependencies/binding.js';
import type { EngineContext } from './context.js';
import { LedgerTail } from './ledger-tail.js';
import type { RunBy } from './may-apply.js';
import type { RunContext } from './run-context.js';
import type { Reading } from './sequence.js';
import type { Turn } from './take-turn.js';

/** Appends the `run` entry; its sequence fences every older holder. `undefined`: somebody wrote in between, read again. */
export async function beginRun(
  engine: EngineContext,
  turn: Turn,
  reading: Reading,
  bound: ReadonlyMap<string, BoundChange>,
  by: RunBy,
): Promise<RunContext | undefined> {
  const { tookOverFrom, lease } = turn;
  const executionId = engine.time.id();
  const tail = ledgerTail(engine, turn, reading, executionId);
  const entry = await tail.begin(tookOverFrom === undefined ? {} : { tookOverFrom });
  if (entry === undefined) return undefined;
  return {
    engine,
    executionId,
    lease,
    tail,
    token: entry.sequence,
    bound,
    by,
    began: engine.time.clocks(),
    session: turn.session,
    ledger: reading.state,
  };
}

/** The end of the ledger as it was read under the lock. */
export function ledgerTail(
  engine: EngineContext,
  { lease, session }: Turn,
  { state }: Reading,
  executionId: string,
): LedgerTail {
  const { access, key, time } = engine;
  const writer = { ...engine.instance, executionId };
  return new LedgerTail({ access, session, key, lease, writer, time }, state);
}

/**
 * Gives the lock back. While the outcome of a change is not in the ledger, nobody may come before the lease has run out.
 *
 * @param completeFor the declaration that the ledger completes now, if it does
 */
export async function endTurn(
  engine: EngineContext,
  turn: Turn,
  tail: LedgerTail | undefined,
  completeFor?: string,
): Promise<void> {
  if (tail?.unsettled === true) turn.lease.abandon();
  else await engine.access.bounded(() => turn.lease.release(completeFor)).catch(() => undefined);
  await engine.access.closeSession(turn.session);
}

/** How many changes are applied and how many are not. */
export function counts({ steps, pending }: Plan): { readonly applied: number; readonly pending: number } {
  const applied = steps.filter(({ action }) => action === 'skip' || action === 'restricted').length;
  return { applied, pending: pending.length };
}
