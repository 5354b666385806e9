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
 * Throws `FLG_LEDGER_INCOMPLETE`, `FLG_LEDGER_UNREADABLE`, and what the store throws.
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
  lease.wrote(view.state.highestSequence);
  return readingOf(engine, changes, view, by);
}
