import { throwProblems } from '../errors.js';
import { knownNames } from '../nearest.js';
import { place } from '../plan/assign-target.js';
import { makePlan, type PlanStep } from '../plan/plan.js';
import type { EngineContext } from './context.js';
import type { Reading } from './sequence.js';
import type { StartParts } from './start-parts.js';
import {
  appliedFrom,
  assertAsShown,
  changedMeanwhile,
  undoProblems,
  undoRefused,
  type UndoSelection,
} from './undo-selection.js';

/** What a redo acts on, as one reading of the ledger shows it. */
export interface RedoSelection extends UndoSelection {
  /** The id of the last change to apply again: the highest one that is undone now, or was by a redo that did not end. */
  readonly until: string;
  /** What is applied once all of that is undone, in order. */
  readonly pending: readonly PlanStep[];
}

/**
 * Selects what is undone and applied again. Pure. A change need not be applied: then those above it are undone, and it
 * takes its place below them.
 *
 * Throws `FLG_UNDO_REFUSED` and what is wrong with the sequence as it stands once all of that is undone, everything
 * together. That a change to redo was edited is no problem.
 */
export function selectRedo(
  { targets, outOfOrder }: Pick<EngineContext, 'targets' | 'outOfOrder'>,
  changes: StartParts['changes'],
  { plan, state }: Pick<Reading, 'plan' | 'state'>,
  id: string,
): RedoSelection {
  const from = plan.steps.findIndex(({ change }) => change.id === id);
  const [lowest, ...above] = from < 0 ? [] : plan.steps.slice(from);
  if (lowest === undefined)
    throw undoRefused(
      `The change '${id}' is not declared`,
      knownNames(
        id,
        plan.steps.map(({ change }) => change.id),
      ),
    );
  const redone = [lowest, ...above];
  // Whatever a killed process has left open there; where it turns out to be applied, it is undone too.
  const interrupted = redone.filter(({ action }) => action === 'settle');
  const applied = appliedFrom(plan, id);
  const last = redone.findLast(
    (step) => step.action === 'skip' || step.action === 'held' || interrupted.includes(step),
  );
  const left = new Map(state.changes);
  for (const { change } of redone) left.delete(change.id);
  const after = makePlan(changes, { ...state, changes: left }, targets, { outOfOrder, appliesHeld: false });
  throwProblems([
    ...after.problems,
    ...plan.steps
      .filter((step) => step.action === 'settle' && !interrupted.includes(step))
      .map((step) =>
        undoRefused(
          `The outcome of ${place(step.change)} is not known`,
          'Start the application, or resolve its issue, so that it is known; then redo.',
        ),
      ),
    ...[...applied, ...interrupted].flatMap((step) =>
      undoProblems(step, 'Give it one; or drop the databases and begin anew: `flamingock dev reset`.'),
    ),
  ]);
  const until = (last ?? lowest).change.id;
  const count = changes.findIndex((change) => change.id === until) + 1;
  const within = new Set(changes.slice(0, count).map((change) => change.id));
  return {
    lowest: id,
    applied,
    interrupted,
    until,
    pending: after.pending.filter(({ change }) => within.has(change.id)),
  };
}

/** Throws `FLG_UNDO_REFUSED` where something else would be undone or applied than the person was shown. */
export function assertRedoAsShown(shown: RedoSelection, now: RedoSelection): void {
  assertAsShown(shown, now);
  const ids = ({ pending }: RedoSelection): string => pending.map(({ change }) => change.id).join('\n');
  if (ids(shown) !== ids(now)) throw changedMeanwhile(now);
}
