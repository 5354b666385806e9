import type { ChangeEntry } from '../ledger/entry.js';
import { isUnproven } from '../ledger/change-record.js';
import type { AssignedChange } from './assign-target.js';

/**
 * Tells whether only a person can say what became of a change. An undo is never repeated by itself: no strategy says that
 * rolling back twice is harmless. While a change is `STARTED` it may still be executed; the next run settles it.
 */
export function isIssue(change: AssignedChange, latest: ChangeEntry): boolean {
  return isUnproven(latest) && (latest.kind === 'undo' || change.recovery === 'MANUAL_INTERVENTION');
}
