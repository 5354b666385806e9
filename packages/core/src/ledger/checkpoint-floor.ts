import type { LedgerState } from './fold.js';

/**
 * The sequence above which a checkpoint of a change must have been saved to count: where the ledger last says that the
 * target system holds nothing of the change, or may hold less than it did (an undo, a rollback, a person's word, an
 * adopted target, a new epoch). The ledger alone decides, so nothing has to be cleared, and no crash can come in between.
 */
export function checkpointFloor(state: LedgerState, change: OfTarget): number {
  return Math.max(state.changes.get(change.id)?.cleared ?? 0, floorOf(state, change));
}

/** The sequence at which the ledger last says that the target system holds nothing of a change, or may hold less; see `ClientUse`. */
export function absentSince(state: LedgerState, change: OfTarget): number {
  return Math.max(state.changes.get(change.id)?.absentSince ?? 0, floorOf(state, change));
}

interface OfTarget {
  readonly id: string;
  readonly targetSystem: string;
}

function floorOf({ adoptions, epoch }: LedgerState, { targetSystem }: OfTarget): number {
  return Math.max(adoptions.get(targetSystem)?.sequence ?? 0, epoch?.sequence ?? 0);
}
