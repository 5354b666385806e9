import type { StoredEntry } from './entry.js';
import { unseal } from './seal.js';

/**
 * The sequence above which a checkpoint of a change must have been saved to count: where the ledger last says that the
 * target system holds nothing of the change, or may hold less than it did (an undo, a rollback, a person's word, an
 * adopted target). The ledger alone decides, so nothing has to be cleared, and no crash can come in between.
 */
export function checkpointFloor(
  entries: readonly StoredEntry[],
  { id, targetSystem }: { readonly id: string; readonly targetSystem: string },
): number {
  return Math.max(
    0,
    ...entries.map(unseal).map((entry) => {
      switch (entry.kind) {
        case 'run':
          return 0;
        case 'adoption':
          return entry.targetSystem === targetSystem ? entry.sequence : 0;
        case 'execution': {
          const undone = entry.state === 'ROLLED_BACK' || entry.state === 'ROLLBACK_FAILED';
          return entry.changeId === id && undone ? entry.sequence : 0;
        }
        default:
          return entry.changeId === id ? entry.sequence : 0;
      }
    }),
  );
}
