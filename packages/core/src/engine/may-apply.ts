import { displayName } from '../change/change.js';
import { FlamingockError } from '../errors.js';
import { type AssignedChange, place } from '../plan/assign-target.js';
import type { Plan } from '../plan/plan.js';

/** Who runs: the start of an application, or a person at the command line. */
export type RunBy = 'start' | 'cli';

/** Throws `FLG_CHANGE_RESERVED` where the next thing to do is not for this run to do. */
export function assertMayApply(by: RunBy, next: AssignedChange | undefined): void {
  if (by === 'cli' || next?.runBy !== 'cli') return;
  throw new FlamingockError({
    code: 'FLG_CHANGE_RESERVED',
    message: `${place(next)} is reserved for the command line (runBy: 'cli'), and the sequence has come to it. Nothing after it was executed.`,
    hint: 'Apply it with `flamingock apply`, and start again when that is done; an application in the mode `wait` waits for it instead.',
  });
}

/** What an instance says that only looks: the changes are somebody else's to apply. */
export function changesPending(plan: Plan, because: string): FlamingockError {
  const names = plan.pending.map(({ change }) => displayName(change));
  const shown = names.length > 10 ? [...names.slice(0, 10), `and ${names.length - 10} more`] : names;
  return new FlamingockError({
    code: 'FLG_CHANGES_PENDING',
    message: `${names.length === 1 ? '1 change is' : `${names.length} changes are`} pending, and ${because}: ${shown.join(', ')}.`,
    hint: 'Apply them with the deployment (`flamingock apply`, or a job in the mode `apply`), then start again.',
  });
}
