import { viewAfter } from '../ledger/ledger-view.js';
import type { AssignedChange } from '../plan/assign-target.js';
import type { EngineContext } from './context.js';
import type { RunBy } from './may-apply.js';
import { type Reading, readingOf } from './sequence.js';
import type { Turn } from './take-turn.js';

/**
 * Reads the ledger under the lock, on from what is known of it, and holds the declared sequence against it. Whatever was
 * planned before counts no more.
 *
 * Throws `FLG_LOCK_LOST` where the lock is another's by now, `FLG_LEDGER_INCOMPLETE`, `FLG_LEDGER_UNREADABLE`, and what the
 * store throws.
 */
export async function readUnderLock(
  engine: EngineContext,
  { session, lease, known }: Turn,
  changes: readonly AssignedChange[],
  by: RunBy = 'start',
): Promise<Reading> {
  const view = await viewAfter(known, (after) =>
    engine.access.bounded(() => session.read(engine.key, after)),
  );
  // A machine that was suspended after it had asked for the lock believes that it has it, whatever time has passed: its
  // clocks stood still as well. Its run would be another's that has begun meanwhile, at a system without a fence.
  if (view.lock?.owner !== lease.owner) throw lease.lose('another instance holds it');
  lease.wrote(view.state.highestSequence);
  return readingOf(engine, changes, view, by);
}
