import type { LedgerState } from './fold.js';

/**
 * The sequence above which a checkpoint of a change must have been saved to count: where the ledger last says that the
 * target system holds nothing of the change, or may hold less than it did (an undo, a rollback, a person's word, an
 * adopted target, a new epoch). The ledger alone decides, so nothing has to be cleared, and no crash can come in between.
 */
export function checkpointFloor(
  { changes, adoptions, epoch }: LedgerState,
  { id, targetSystem }: { readonly id: string; readonly targetSystem: string },
): number {
  return Math.max(
    changes.get(id)?.cleared ?? 0,
    adoptions.get(targetSystem)?.sequence ?? 0,
    epoch?.sequence ?? 0,
  );
}
