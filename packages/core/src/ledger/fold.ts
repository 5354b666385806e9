import { FlamingockError } from '../errors.js';
import { type ChangeRecord, recordAfter } from './change-record.js';
import type {
  AdoptionEntry,
  ChangeEntry,
  EntryKind,
  EpochEntry,
  LedgerEntry,
  RunEntry,
  StoredEntry,
} from './entry.js';
import { unseal } from './seal.js';

/** The ledger folded into what counts now: all but the head is of its last epoch alone. */
export interface LedgerState {
  /** By change id. */
  readonly changes: ReadonlyMap<string, ChangeRecord>;
  /** What a fence may show, if it belongs to this ledger: every `STARTED` of a transaction of its own, and adoptions. */
  readonly fenceSequences: ReadonlySet<number>;
  /** By target system, the least `applied` that its fence must show. */
  readonly committed: ReadonlyMap<string, number>;
  /** Target systems that a transaction shared with this ledger has been committed to. */
  readonly sharedTargets: ReadonlySet<string>;
  /** The last adoption of each target system. */
  readonly adoptions: ReadonlyMap<string, AdoptionEntry>;
  /** The last recorded identity of each target system. */
  readonly identities: ReadonlyMap<string, string>;
  /** The beginning of the epoch; `undefined` for the first, which begins with the ledger. */
  readonly epoch: EpochEntry | undefined;
  /** 0 for an empty ledger. */
  readonly highestSequence: number;
  /** Empty for an empty ledger. */
  readonly headHash: string;
}

/** Of a ledger without entries. */
export const EMPTY_LEDGER: LedgerState = {
  changes: new Map(),
  fenceSequences: new Set(),
  committed: new Map(),
  sharedTargets: new Set(),
  adoptions: new Map(),
  identities: new Map(),
  epoch: undefined,
  highestSequence: 0,
  headHash: '',
};

/**
 * Folds entries, oldest first, into the state of each change. Throws `FLG_LEDGER_UNREADABLE`, and `FLG_LEDGER_NEWER` at an
 * entry of a kind that is not known: it may change what all others mean.
 *
 * @param before what the entries follow; returned as it is where there are none
 */
export function fold(entries: readonly StoredEntry[], before: LedgerState = EMPTY_LEDGER): LedgerState {
  const head = entries.at(-1);
  if (head === undefined) return before;
  let folding = copyOf(before);
  for (const stored of entries) {
    const entry = unseal(stored);
    assertKnown(entry);
    if (entry.kind === 'epoch') folding = { ...copyOf(EMPTY_LEDGER), epoch: entry };
    else if (entry.kind !== 'run') foldEntry(entry, folding);
  }
  return { ...folding, highestSequence: head.sequence, headHash: head.hash };
}

type Folding = ReturnType<typeof copyOf>;

function copyOf({ epoch, ...before }: LedgerState) {
  return {
    changes: new Map(before.changes),
    fenceSequences: new Set(before.fenceSequences),
    committed: new Map(before.committed),
    sharedTargets: new Set(before.sharedTargets),
    adoptions: new Map(before.adoptions),
    identities: new Map(before.identities),
    epoch,
  };
}

function foldEntry(entry: Exclude<LedgerEntry, RunEntry | EpochEntry>, folding: Folding): void {
  const { changes, fenceSequences, committed, sharedTargets, adoptions, identities } = folding;
  if (entry.kind === 'adoption') {
    adoptions.set(entry.targetSystem, entry);
    if (entry.targetIdentity === undefined) identities.delete(entry.targetSystem);
    if (rewritesFence(entry)) {
      committed.set(entry.targetSystem, entry.sequence);
      fenceSequences.add(entry.sequence);
    }
  } else {
    const record = recordAfter(entry, changes.get(entry.changeId));
    changes.set(entry.changeId, record);
    if (entry.state === 'STARTED' && entry.strategy === 'TX_SEPARATE') fenceSequences.add(entry.sequence);
    if (entry.strategy === 'TX_SHARED' && entry.state === 'APPLIED') sharedTargets.add(entry.targetSystem);
    if (hasCommitted(entry, record)) committed.set(entry.targetSystem, record.started?.sequence ?? 0);
  }
  if (entry.targetIdentity !== undefined) identities.set(entry.targetSystem, entry.targetIdentity);
}

const KINDS: ReadonlySet<EntryKind> = new Set([
  'run',
  'execution',
  'undo',
  'resolution',
  'adoption',
  'epoch',
  'baseline',
  'import',
]);

function assertKnown({ kind, sequence }: LedgerEntry): void {
  if (KINDS.has(kind)) return;
  throw new FlamingockError({
    code: 'FLG_LEDGER_NEWER',
    message: `Entry ${sequence} of the ledger is of the kind '${kind}', which this release does not know: a newer one has written it. Nothing was executed.`,
    hint: 'Use a release that is as new as the one that has written it.',
  });
}

/** What `verify` or a person has found says nothing of a commit. */
function hasCommitted(entry: ChangeEntry, { started }: ChangeRecord): boolean {
  return (
    entry.state === (entry.kind === 'undo' ? 'UNDONE' : 'APPLIED') &&
    entry.strategy === 'TX_SEPARATE' &&
    (entry.proof === 'transaction' || entry.proof === 'fence') &&
    started?.strategy === 'TX_SEPARATE' &&
    started.targetSystem === entry.targetSystem
  );
}

/** Tells whether an adoption has written its own sequence into the fence of its target. */
export function rewritesFence({ found }: Pick<AdoptionEntry, 'found'>): boolean {
  return found === 'behind' || found === 'ahead' || found === 'past' || found === 'foreign';
}

/**
 * The least `applied` that the fence of a target must show: the `STARTED` of the last execution or undo that is known to
 * have been committed there by a transaction of its own, or a later adoption. 0 where there is none.
 */
export function expectedFence(state: LedgerState, targetSystem: string): number {
  return state.committed.get(targetSystem) ?? 0;
}
