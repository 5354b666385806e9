import type { AdoptionFinding, ChangeEntry } from '../ledger/entry.js';
import { isUnproven } from '../ledger/change-record.js';
import type { AdoptionOptions, Person } from '../operations.js';
import type { AssignedChange } from '../plan/assign-target.js';
import type { PlanStep } from '../plan/plan.js';
import { strategyOf } from '../plan/strategy.js';
import type { FenceAnswer } from '../target/target.js';
import type { EngineContext } from './context.js';
import type { ChangeEntryParts } from './ledger-tail.js';
import { stateFor } from './resolve.js';
import { describeChange } from './run-context.js';
import type { Reading } from './sequence.js';

/** A change of which nobody knows any more whether its adopted target system holds it. */
export interface Doubt {
  readonly change: AssignedChange;
  readonly latest: ChangeEntry | undefined;
  readonly targetSystem: string;
}

/**
 * The declared changes that an adoption puts in doubt.
 *
 * - `behind`: what the ledger has done there after what the fence shows, and what was under way.
 * - `ahead`: what is not applied: the entries that the ledger has lost may have applied it.
 * - `foreign`: everything; what the ledger says was about another system.
 * - `moved`, `unknown`: nothing. The fence shows that it is all there, or nobody has a reason to doubt it.
 */
export function changesInDoubt(
  { plan, state }: Reading,
  targetSystem: string,
  { found, shown }: { readonly found: AdoptionFinding; readonly shown: FenceAnswer | undefined },
): readonly Doubt[] {
  const applied = shown?.status === 'claimed' ? shown.applied : 0;
  const isOpen = ({ latest }: PlanStep): boolean =>
    latest !== undefined && (latest.state === 'STARTED' || isUnproven(latest));
  const isInDoubt = (step: PlanStep): boolean => {
    switch (found) {
      case 'behind':
        return isOpen(step) || (state.changes.get(step.change.id)?.effect ?? 0) > applied;
      case 'ahead':
        return step.action !== 'skip';
      case 'foreign':
        return true;
      case 'moved':
      case 'unknown':
        return false;
    }
  };
  return plan.steps
    .filter(({ change, latest }) => (latest?.targetSystem ?? change.targetSystem) === targetSystem)
    .filter((step) => step.action !== 'restricted' && isInDoubt(step))
    .map(({ change, latest }) => ({ change, latest, targetSystem }));
}

/** The entry that says so; `undefined` where the change is an issue already, and nothing more is known of it. */
export function doubtEntry(
  { targets, store, redactor }: EngineContext,
  { change, latest, targetSystem }: Doubt,
  found: AdoptionFinding,
  { actor, reason, inDoubt }: AdoptionOptions & Person,
): ChangeEntryParts | undefined {
  const target = targets[targetSystem];
  if (target === undefined || (inDoubt === undefined && latest !== undefined && isUnproven(latest)))
    return undefined;
  // Which system exactly is recorded with the adoption itself, which comes last.
  const { targetIdentity: _later, ...parts } = describeChange({
    change,
    target,
    strategy: strategyOf(change, target, store),
  });
  const kind = latest?.kind === 'undo' || latest?.state === 'UNDONE' ? 'undo' : 'execution';
  const about = { ...parts, targetSystem, attempt: latest?.attempt ?? 0, actor, reason };
  if (inDoubt !== undefined)
    return { ...about, kind: 'resolution', state: stateFor(inDoubt, kind), proof: 'person' };
  const message = redactor.redact(`'${targetSystem}' was adopted, and its fence showed: ${found}`);
  return { ...about, kind, state: 'FAILED', proof: 'none', error: { name: 'Adopted', message } };
}
