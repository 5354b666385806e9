import { compareOrder } from '../change/order.js';
import type { FlamingockError } from '../errors.js';
import type { ChangeEntry } from '../ledger/entry.js';
import { isApplied, isUnproven } from '../ledger/change-record.js';
import type { LedgerState } from '../ledger/fold.js';
import type { Target } from '../target/target.js';
import type { AssignedChange } from './assign-target.js';
import { changeEdited, changeHeld, changeUnknown, outOfOrder, targetIdentity } from './plan-problems.js';

/** What a run would do with one declared change, and why. */
export type PlanAction =
  /** It never ran, or it is proven that nothing of it remains. */
  | 'apply'
  /** It is applied. */
  | 'skip'
  /** Its outcome is not known: it is proven first, and then skipped, applied, or an issue. */
  | 'settle'
  /** It was undone; only a command applies it again. */
  | 'held'
  /** It runs in other environments only; the next run under the lock records that once. */
  | 'restricted';

/** What a run allows beyond the sequence as it is declared. */
export interface PlanRules {
  /** A pending change may stand below one that is applied. */
  readonly outOfOrder: boolean;
  /** Changes that were undone are applied again. */
  readonly appliesHeld: boolean;
}

/** One declared change in its place. */
export interface PlanStep {
  readonly change: AssignedChange;
  readonly action: PlanAction;
  /** Its latest entry, if it ever ran. */
  readonly latest: ChangeEntry | undefined;
  /** Attempts so far. */
  readonly attempts: number;
}

/** The declared sequence held against the ledger. */
export interface Plan {
  readonly steps: readonly PlanStep[];
  /** Steps that a run would have to do something about, in order. */
  readonly pending: readonly PlanStep[];
  /** Ids of applied changes above the highest declared order, which this release does not know. */
  readonly ahead: readonly string[];
  /** Why a run would refuse to begin. */
  readonly problems: readonly FlamingockError[];
  /** The highest sequence of the ledger. */
  readonly highestSequence: number;
}

/**
 * Holds the declared sequence against the ledger. Pure: it reads nothing and changes nothing.
 *
 * @param changes in ascending order
 * @param rules what this run allows
 */
export function makePlan(
  changes: readonly AssignedChange[],
  state: LedgerState,
  targets: Readonly<Record<string, Target>>,
  rules: PlanRules,
): Plan {
  const steps = changes.map((change): PlanStep => {
    const latest = state.changes.get(change.id)?.latest;
    return { change, action: actionFor(change, latest, rules), latest, attempts: latest?.attempt ?? 0 };
  });
  const pending = steps.filter(({ action }) => action !== 'skip' && action !== 'restricted');
  const unknown = unknownApplied(changes, state);
  const problems = [
    ...(rules.outOfOrder ? [] : orderProblems(steps, state)),
    ...steps.filter((step) => step.action === 'held').map((step) => changeHeld(step.change)),
    ...steps.filter(isEdited).map((step) => changeEdited(step.change)),
    ...identityProblems(changes, state, targets),
    ...unknown.inside.map((entry) => changeUnknown(entry)),
    ...(pending.length === 0 ? [] : unknown.ahead.map((entry) => changeUnknown(entry))),
  ];
  return {
    steps,
    pending,
    ahead: unknown.ahead.map((entry) => entry.changeId),
    problems,
    highestSequence: state.highestSequence,
  };
}

/**
 * Why a run would refuse to apply again what is still open after everything that can be found out was: as of order. Before
 * that it might have been applied.
 */
export function repeatProblems(
  { steps }: Plan,
  state: LedgerState,
  rules: Pick<PlanRules, 'outOfOrder'>,
): readonly FlamingockError[] {
  return rules.outOfOrder ? [] : orderProblems(steps, state, 'settle');
}

/** The plan as it stands when a step is reached: everything before it is applied. */
export function whenReached(plan: Plan, current: PlanStep): Plan {
  const position = plan.steps.indexOf(current);
  const steps = plan.steps.map((step, index): PlanStep =>
    index < position ? { ...step, action: 'skip' } : step,
  );
  return { ...plan, steps, pending: plan.pending.slice(plan.pending.indexOf(current)) };
}

function actionFor(change: AssignedChange, latest: ChangeEntry | undefined, rules: PlanRules): PlanAction {
  const action = actionAfter(latest);
  if (action === 'held' && rules.appliesHeld) return change.runsHere ? 'apply' : 'restricted';
  return action === 'apply' && !change.runsHere ? 'restricted' : action;
}

function actionAfter(latest: ChangeEntry | undefined): PlanAction {
  if (latest === undefined) return 'apply';
  switch (latest.state) {
    case 'APPLIED':
    case 'MANUALLY_APPLIED':
      return 'skip';
    case 'STARTED':
      return 'settle';
    case 'FAILED':
    case 'ROLLBACK_FAILED':
      return isUnproven(latest) ? 'settle' : 'apply';
    case 'UNDONE':
      return 'held';
    case 'ROLLED_BACK':
    case 'MANUALLY_ROLLED_BACK':
    case 'SKIPPED':
      return 'apply';
  }
}

/**
 * A change that would run below one that is applied would not be the sequence that other environments saw. One that was
 * in its place before, and was lost with its target system, only comes back.
 */
function orderProblems(
  steps: readonly PlanStep[],
  state: LedgerState,
  action: 'apply' | 'settle' = 'apply',
): FlamingockError[] {
  const newestApplied = steps.findLast((step) => step.action === 'skip');
  if (newestApplied === undefined) return [];
  return steps
    .slice(0, steps.indexOf(newestApplied))
    .filter((step) => step.action === action && state.changes.get(step.change.id)?.wasApplied !== true)
    .map((step) => outOfOrder(step.change, newestApplied.change));
}

function isEdited(step: PlanStep): boolean {
  return (
    step.action === 'skip' &&
    step.latest?.revision !== undefined &&
    step.latest.revision !== step.change.revision
  );
}

function identityProblems(
  changes: readonly AssignedChange[],
  state: LedgerState,
  targets: Readonly<Record<string, Target>>,
): FlamingockError[] {
  return [...new Set(changes.map((change) => change.targetSystem))].flatMap((name) => {
    const recorded = state.identities.get(name);
    const present = targets[name]?.identity;
    return recorded === undefined || recorded === present ? [] : [targetIdentity(name, recorded, present)];
  });
}

/** Below the lowest declared order an applied change may be gone: old changes are taken out of the code one day. */
function unknownApplied(
  changes: readonly AssignedChange[],
  state: LedgerState,
): { inside: ChangeEntry[]; ahead: ChangeEntry[] } {
  const declared = new Set(changes.map((change) => change.id));
  const lowest = changes.at(0)?.order ?? '0';
  const highest = changes.at(-1)?.order ?? '0';
  const unknown = [...state.changes.values()]
    .map((record) => record.latest)
    .filter((entry) => !declared.has(entry.changeId) && isApplied(entry))
    .filter(
      (entry) =>
        entry.kind !== 'baseline' && entry.kind !== 'import' && compareOrder(entry.order, lowest) >= 0,
    );
  const isAhead = (entry: ChangeEntry): boolean => compareOrder(entry.order, highest) > 0;
  return { inside: unknown.filter((entry) => !isAhead(entry)), ahead: unknown.filter(isAhead) };
}
