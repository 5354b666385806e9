import { createHash } from 'node:crypto';
import type { Target } from '../target/target.js';
import type { AssignedChange } from './assign-target.js';

/** Counted up whenever a plan comes to look at more, so that what an older release noted says nothing to this one. */
const FORMAT = 1;

/**
 * Stands for a declared sequence: two of them are equal where a plan cannot come out differently for the same ledger.
 * So it holds whatever of a change and of its target system the plan looks at, and nothing of what the change does.
 *
 * @param changes in ascending order
 */
export function declarationOf(
  changes: readonly AssignedChange[],
  targets: Readonly<Record<string, Target>>,
): string {
  const hash = createHash('sha256').update(JSON.stringify(FORMAT));
  for (const { id, order, revision, targetSystem, runsHere } of changes)
    hash.update(
      JSON.stringify([id, order, revision, targetSystem, targets[targetSystem]?.identity, runsHere]),
    );
  return hash.digest('hex');
}
