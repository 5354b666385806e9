import type { LockRecord } from '../ledger/audit-store.js';
import type { ChangeEntry } from '../ledger/entry.js';
import { type LedgerView, viewOf } from '../ledger/ledger-view.js';
import type { AssignedChange } from '../plan/assign-target.js';
import { isIssue } from '../plan/issue.js';
import { makePlan, type Plan, type PlanStep } from '../plan/plan.js';
import type { EngineContext } from './context.js';
import type { RunBy } from './may-apply.js';

/** The declared sequence held against one reading of the ledger. */
export interface Reading extends LedgerView {
  readonly plan: Plan;
}

/** Holds the declared sequence against a view of the ledger. */
export function readingOf(
  engine: EngineContext,
  changes: readonly AssignedChange[],
  view: LedgerView,
  by: RunBy = 'start',
): Reading {
  const rules = { outOfOrder: engine.outOfOrder, appliesHeld: by === 'cli' };
  return { ...view, plan: makePlan(changes, view.state, engine.targets, rules) };
}

/** Reads the ledger without the lock. Throws as {@link viewOf}, and what the store throws. */
export async function readNow(engine: EngineContext, changes: readonly AssignedChange[]): Promise<Reading> {
  return readingOf(engine, changes, viewOf(await engine.access.read(engine.key)));
}

/**
 * The recorded outcome of a declared change that ended a run above a sequence: those who waited for that run
 * fail with it, instead of trying a broken change once more each.
 */
export function finalFailure(
  { pending }: Plan,
  above: number,
): { readonly step: PlanStep; readonly entry: ChangeEntry } | undefined {
  const failures = pending.flatMap((step) =>
    step.latest?.final === true && step.latest.sequence > above ? [{ step, entry: step.latest }] : [],
  );
  return failures.sort((a, b) => a.entry.sequence - b.entry.sequence)[0];
}

/** The first change with a recorded outcome that only a person can tell; nothing is gained by taking the lock for it. */
export function knownIssue(plan: Plan): PlanStep | undefined {
  return plan.pending.find(
    ({ change, latest }) => latest !== undefined && isIssue(change, latest) && change.verify === undefined,
  );
}

/** Whether somebody holds the lock at the moment of a reading. */
export function currentHolder({ lock, now }: LedgerView): LockRecord | undefined {
  return lock !== undefined && lock.expiresAt > now ? lock : undefined;
}
