import type { AdoptionFinding, ChangeEntry } from '../ledger/entry.js';
import { isApplied, isUnproven } from '../ledger/change-record.js';
import type { AdoptionOptions, Person } from '../operations.js';
import type { AssignedChange } from '../plan/assign-target.js';
import { strategyOf } from '../plan/strategy.js';
import type { FenceAnswer } from '../target/target.js';
import type { EngineContext } from './context.js';
import type { ChangeEntryParts } from './ledger-tail.js';
import { stateFor } from './resolve.js';
import { type ChangeDescription, describeChange } from './run-context.js';
import type { Reading } from './sequence.js';
import { aboutChange } from './settle-elsewhere.js';

/** A change of which nobody knows any more whether its adopted target system holds it. */
export interface Doubt {
  readonly changeId: string;
  /** As it is declared here; `undefined`: only another release declares it, and the ledger alone tells of it. */
  readonly change: AssignedChange | undefined;
  readonly latest: ChangeEntry | undefined;
  readonly targetSystem: string;
}

/**
 * The changes that an adoption puts in doubt, declared ones and those that only another release declares.
 *
 * - `behind`: what the ledger has done there after what the fence shows, and what was under way.
 * - `ahead`: what is not applied: the entries that the ledger has lost may have applied it.
 * - `past`: everything; it holds what an earlier epoch did, and nothing of this one.
 * - `foreign`: everything; what the ledger says was about another system.
 * - `moved`, `unknown`: nothing. The fence shows that it is all there, or nobody has a reason to doubt it.
 */
export function changesInDoubt(
  { plan, state }: Reading,
  targetSystem: string,
  { found, shown }: { readonly found: AdoptionFinding; readonly shown: FenceAnswer | undefined },
): readonly Doubt[] {
  const applied = shown?.status === 'claimed' ? shown.applied : 0;
  const isInDoubt = ({ changeId, latest }: Doubt, isSettled: boolean): boolean => {
    switch (found) {
      case 'behind':
        return isOpen(latest) || (state.changes.get(changeId)?.effect ?? 0) > applied;
      case 'ahead':
        return !isSettled;
      case 'past':
      case 'foreign':
        return true;
      case 'moved':
      case 'unknown':
        return false;
    }
  };
  const declared = plan.steps
    .filter(({ change, latest }) => (latest?.targetSystem ?? change.targetSystem) === targetSystem)
    .map(({ change, latest, action }) => ({
      doubt: { changeId: change.id, change, latest, targetSystem },
      isSettled: action === 'skip',
      isElsewhere: action === 'restricted',
    }));
  const ids = new Set(plan.steps.map(({ change }) => change.id));
  const undeclared = [...state.changes.values()]
    .filter(({ latest }) => latest.targetSystem === targetSystem && !ids.has(latest.changeId))
    .map(({ latest }) => ({
      doubt: { changeId: latest.changeId, change: undefined, latest, targetSystem },
      isSettled: isApplied(latest),
      isElsewhere: latest.state === 'SKIPPED',
    }));
  return [...declared, ...undeclared]
    .filter(({ doubt, isSettled, isElsewhere }) => !isElsewhere && isInDoubt(doubt, isSettled))
    .map(({ doubt }) => doubt);
}

function isOpen(latest: ChangeEntry | undefined): boolean {
  return latest !== undefined && (latest.state === 'STARTED' || isUnproven(latest));
}

/** The entry that says so; `undefined` where the change is an issue already, and nothing more is known of it. */
export function doubtEntry(
  engine: EngineContext,
  doubt: Doubt,
  found: AdoptionFinding,
  { actor, reason, inDoubt }: AdoptionOptions & Person,
): ChangeEntryParts | undefined {
  const { latest, targetSystem } = doubt;
  const described = descriptionOf(engine, doubt);
  if (described === undefined || (inDoubt === undefined && latest !== undefined && isUnproven(latest)))
    return undefined;
  // Which system exactly is recorded with the adoption itself, which comes last.
  const { targetIdentity: _later, ...parts } = described;
  const kind = latest?.kind === 'undo' || latest?.state === 'UNDONE' ? 'undo' : 'execution';
  const about = { ...parts, targetSystem, attempt: latest?.attempt ?? 0, actor, reason };
  if (inDoubt !== undefined)
    return { ...about, kind: 'resolution', state: stateFor(inDoubt, kind), proof: 'person' };
  const message = engine.redactor.redact(`'${targetSystem}' was adopted, and its fence showed: ${found}`);
  return { ...about, kind, state: 'FAILED', proof: 'none', error: { name: 'Adopted', message } };
}

function descriptionOf(
  { targets, store }: EngineContext,
  { change, latest, targetSystem }: Doubt,
): ChangeDescription | undefined {
  const target = targets[targetSystem];
  if (change !== undefined && target !== undefined)
    return describeChange({ change, target, strategy: strategyOf(change, target, store) });
  return latest === undefined ? undefined : aboutChange(latest);
}
