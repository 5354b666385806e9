import { displayName } from '../change/change.js';
import { type ErrorCode, FlamingockError, throwProblems } from '../errors.js';
import { knownNames } from '../nearest.js';
import { place } from '../plan/assign-target.js';
import type { Plan, PlanStep } from '../plan/plan.js';
import type { Reading } from './sequence.js';

/** What keeps a run from beginning, and an undo not: it takes back what a pending change would have to stand above. */
const UNDOABLE: readonly ErrorCode[] = ['FLG_CHANGE_HELD', 'FLG_OUT_OF_ORDER'];

/** What an undo acts on, as one reading of the ledger shows it. */
export interface UndoSelection {
  /** The id of the lowest change to undo. */
  readonly lowest: string;
  /** Applied changes from the last one down to the lowest. */
  readonly applied: readonly PlanStep[];
  /** What was interrupted and is settled first: undos, and for a redo whatever it was. */
  readonly interrupted: readonly PlanStep[];
}

/**
 * Selects what is undone. Pure.
 *
 * Throws `FLG_UNDO_REFUSED` and what is wrong with the sequence, everything together.
 *
 * @param downTo the lowest change; `undefined`: the last one that is applied or whose undo was interrupted
 */
export function selectUndo({ plan }: Reading, downTo: string | undefined): UndoSelection {
  const interrupted = plan.steps.filter(
    ({ action, latest }) => action === 'settle' && latest?.kind === 'undo',
  );
  const isThere = (step: PlanStep): boolean => step.action === 'skip' || interrupted.includes(step);
  const lowest =
    downTo === undefined
      ? plan.steps.findLast(isThere)
      : plan.steps.find((step) => step.change.id === downTo);
  if (lowest === undefined)
    throw undoRefused(
      downTo === undefined ? 'No change is applied' : `The change '${downTo}' is not declared`,
      downTo === undefined
        ? '`flamingock status` shows what is.'
        : knownNames(
            downTo,
            plan.steps.map(({ change }) => change.id),
          ),
    );
  const applied = appliedFrom(plan, lowest.change.id);
  throwProblems([
    // Of one whose outcome is not known, that is said below.
    ...(isThere(lowest) || lowest.action === 'settle'
      ? []
      : [
          undoRefused(
            `${place(lowest.change)} is not applied (now: ${lowest.latest?.state ?? 'never executed'})`,
            'Name the lowest change that is to be undone; it is undone itself, with everything above it.',
          ),
        ]),
    ...plan.problems.filter(({ code }) => !UNDOABLE.includes(code)),
    ...plan.ahead
      .filter(() => plan.pending.length === 0)
      .map((id) =>
        undoRefused(
          `The change '${id}' is applied above all that this release declares`,
          'Undo with the release that has it: the last one goes first.',
        ),
      ),
    ...plan.steps
      .filter((step) => step.action === 'settle' && !interrupted.includes(step))
      .map((step) =>
        undoRefused(
          `The outcome of ${place(step.change)} is not known`,
          'Start the application, or resolve its issue, so that it is known; then undo.',
        ),
      ),
    ...applied.flatMap((step) =>
      undoProblems(step, 'Give it one, or declare what takes it back as a new change.'),
    ),
  ]);
  return { lowest: lowest.change.id, applied, interrupted };
}

/** Applied changes from the last one down to a given one. */
export function appliedFrom({ steps }: Plan, lowest: string): readonly PlanStep[] {
  const from = steps.findIndex((step) => step.change.id === lowest);
  return steps
    .slice(from)
    .filter(({ action }) => action === 'skip')
    .reverse();
}

/** Throws `FLG_UNDO_REFUSED` where other changes, or other executions of them, would be undone than the person was shown. */
export function assertAsShown(shown: UndoSelection, now: UndoSelection): void {
  const text = ({ applied, interrupted }: UndoSelection): string =>
    [...applied, ...interrupted].map(({ change, latest }) => `${change.id}#${latest?.sequence}`).join(', ');
  if (text(shown) !== text(now)) throw changedMeanwhile(now);
}

/** As {@link assertAsShown}, with the ids that a person was shown. */
export function assertExpected(expected: readonly string[] | undefined, now: UndoSelection): void {
  const ids = [...now.applied, ...now.interrupted].map(({ change }) => change.id);
  if (expected !== undefined && expected.toSorted().join('\n') !== ids.toSorted().join('\n'))
    throw changedMeanwhile(now);
}

/**
 * Why a change cannot be undone.
 *
 * @param withoutRollback what to do about a change that has none
 */
export function undoProblems({ change, latest }: PlanStep, withoutRollback: string): FlamingockError[] {
  const moved = latest !== undefined && latest.targetSystem !== change.targetSystem;
  return [
    ...(change.rollback === undefined
      ? [undoRefused(`${place(change)} has no rollback`, withoutRollback)]
      : []),
    ...(moved
      ? [
          undoRefused(
            `${place(change)} was applied at '${latest.targetSystem}' and is aimed at '${change.targetSystem}' now`,
            `Aim it at '${latest.targetSystem}' again to undo it there.`,
          ),
        ]
      : []),
  ];
}

/** Something else would be undone by now. */
export function changedMeanwhile({ applied, interrupted }: UndoSelection): FlamingockError {
  const names = [...interrupted, ...applied].map(({ change }) => displayName(change));
  return undoRefused(
    `The ledger has changed since; now it would be ${names.join(', ') || 'nothing'}`,
    'Look at it again, and repeat the command if that is what you want.',
  );
}

/** Nothing was executed yet. */
export function undoRefused(why: string, hint: string): FlamingockError {
  return new FlamingockError({
    code: 'FLG_UNDO_REFUSED',
    message: `${why}; nothing was undone.`,
    hint,
  });
}
