import type { LedgerContent, LockRecord } from '../ledger/audit-store.js';
import type { ChangeEntry, StoredEntry } from '../ledger/entry.js';
import { fold, type LedgerState } from '../ledger/fold.js';
import { unseal } from '../ledger/seal.js';
import type { AssignedChange } from '../plan/assign-target.js';
import { FlamingockError } from '../errors.js';
import { isIssue } from '../plan/issue.js';
import { makePlan, type Plan, type PlanStep } from '../plan/plan.js';
import type { EngineContext } from './context.js';
import type { RunBy } from './may-apply.js';

/** The declared sequence held against one reading of the ledger. */
export interface Reading {
  readonly content: LedgerContent;
  readonly state: LedgerState;
  readonly plan: Plan;
}

/** Makes a reading of what a store returned. Throws `FLG_LEDGER_INCOMPLETE` where entries are missing. */
export function readingOf(
  engine: EngineContext,
  changes: readonly AssignedChange[],
  content: LedgerContent,
  by: RunBy = 'start',
): Reading {
  const state = fold(content.entries);
  assertComplete(content, state);
  const rules = { outOfOrder: engine.outOfOrder, appliesHeld: by === 'cli' };
  return { content, state, plan: makePlan(changes, state, engine.targets, rules) };
}

/** Where an entry is missing, what it told of would be done a second time. */
function assertComplete({ entries, highestSequence }: LedgerContent, state: LedgerState): void {
  const end = Math.max(state.highestSequence, highestSequence || 0);
  if (end === entries.length) return;
  throw new FlamingockError({
    code: 'FLG_LEDGER_INCOMPLETE',
    message: `The ledger has come to entry ${end}, but ${entries.length === 1 ? '1 entry is' : `${entries.length} entries are`} left of it: some were deleted, or it was restored from a backup. No change was executed.`,
    hint: 'Restore the audit tables as a whole; with a ledger that has forgotten something, a change would be applied twice.',
  });
}

/**
 * The recorded outcome of a declared change that ended a run above a sequence: those who waited for that run
 * fail with it, instead of trying a broken change once more each.
 */
export function finalFailure(
  entries: readonly StoredEntry[],
  above: number,
  plan: Plan,
): { readonly step: PlanStep; readonly entry: ChangeEntry } | undefined {
  for (const stored of entries) {
    if (stored.sequence <= above) continue;
    const entry = unseal(stored);
    if ((entry.kind !== 'execution' && entry.kind !== 'undo') || entry.final !== true) continue;
    const step = plan.pending.find((pending) => pending.change.id === entry.changeId);
    if (step?.latest?.sequence === entry.sequence) return { step, entry };
  }
  return undefined;
}

/** The first change with a recorded outcome that only a person can tell; nothing is gained by taking the lock for it. */
export function knownIssue(plan: Plan): PlanStep | undefined {
  return plan.pending.find(
    ({ change, latest }) => latest !== undefined && isIssue(change, latest) && change.verify === undefined,
  );
}

/** Whether somebody holds the lock at the moment of a reading. */
export function currentHolder(content: LedgerContent): LockRecord | undefined {
  return content.lock !== undefined && content.lock.expiresAt > content.now ? content.lock : undefined;
}
