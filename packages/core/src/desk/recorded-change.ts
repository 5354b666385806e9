import type { ChangeMethod } from '../change/change.js';
import type { ChangeEntry } from '../ledger/entry.js';
import type { LedgerState } from '../ledger/fold.js';
import type { AssignedChange } from '../plan/assign-target.js';
import { compareOrder } from '../change/order.js';

/** What the ledger knows of a change whose code is not there. It can be judged, and not be executed. */
export function recordedChange(entry: ChangeEntry): AssignedChange {
  const { changeId: id, order, name, author, source, targetSystem, revision, recovery, strategy } = entry;
  return {
    id,
    order,
    name,
    author,
    source,
    targetSystem,
    revision,
    recovery,
    retry: undefined,
    transactional: strategy !== 'NON_TX',
    resumable: false,
    runBy: 'start',
    environments: undefined,
    deadlineMs: undefined,
    lockTimeoutMs: undefined,
    statementTimeoutMs: undefined,
    construction: { parameters: [], construct: uncallable },
    apply: UNCALLABLE,
    rollback: undefined,
    verify: undefined,
    runsHere: true,
  };
}

/** The declared changes, and those that only the ledger knows, in their order. */
export function withRecorded(
  declared: readonly AssignedChange[],
  state: LedgerState,
): readonly AssignedChange[] {
  const known = new Set(declared.map(({ id }) => id));
  const recorded = [...state.changes.values()]
    .filter(({ latest }) => !known.has(latest.changeId))
    .map(({ latest }) => recordedChange(latest));
  return [...declared, ...recorded].sort((a, b) => compareOrder(a.order, b.order));
}

const UNCALLABLE: ChangeMethod = { parameters: [], invoke: uncallable };

function uncallable(): never {
  throw new TypeError('This change is known from the ledger alone');
}
