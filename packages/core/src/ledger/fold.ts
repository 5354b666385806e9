import type { AdoptionEntry, ChangeEntry, StoredEntry } from './entry.js';
import { unseal } from './seal.js';

/** What the ledger says of one change. */
export interface ChangeRecord {
  readonly latest: ChangeEntry;
  /** The `STARTED` of its latest execution or undo, unless a person's word came after it. */
  readonly started: ChangeEntry | undefined;
  /** It was applied at some time, whatever was done about it since. */
  readonly wasApplied: boolean;
  /** Where the ledger stood when its target system last came to hold what is known of it now; 0 where it never did anything. */
  readonly effect: number;
}

/** The ledger folded into what counts now. */
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
  /** 0 for an empty ledger. */
  readonly highestSequence: number;
  /** Empty for an empty ledger. */
  readonly headHash: string;
}

/** Folds entries, oldest first, into the state of each change. */
export function fold(entries: readonly StoredEntry[]): LedgerState {
  const changes = new Map<string, ChangeRecord>();
  const fenceSequences = new Set<number>();
  const committed = new Map<string, number>();
  const sharedTargets = new Set<string>();
  const adoptions = new Map<string, AdoptionEntry>();
  const identities = new Map<string, string>();
  for (const stored of entries) {
    const entry = unseal(stored);
    if (entry.kind === 'run') continue;
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
  const head = entries.at(-1);
  return {
    changes,
    fenceSequences,
    committed,
    sharedTargets,
    adoptions,
    identities,
    highestSequence: head?.sequence ?? 0,
    headHash: head?.hash ?? '',
  };
}

function recordAfter(entry: ChangeEntry, before: ChangeRecord | undefined): ChangeRecord {
  const started = startedAfter(entry, before);
  const own = entry.strategy === 'TX_SHARED' ? undefined : started;
  const wasApplied = before?.wasApplied === true || isApplied(entry);
  const unchanged = { latest: entry, started, wasApplied, effect: before?.effect ?? 0 };
  switch (entry.state) {
    case 'STARTED':
    case 'SKIPPED':
    case 'ROLLED_BACK':
      return unchanged;
    case 'FAILED':
    case 'ROLLBACK_FAILED':
      return isUnproven(entry) ? { ...unchanged, effect: entry.sequence } : unchanged;
    case 'APPLIED':
      // An undo that is proven to have done nothing leaves the change as it was.
      return entry.kind === 'undo' ? unchanged : { ...unchanged, effect: (own ?? entry).sequence };
    case 'UNDONE':
      return { ...unchanged, effect: (own ?? entry).sequence };
    case 'MANUALLY_APPLIED':
    case 'MANUALLY_ROLLED_BACK':
      return { ...unchanged, effect: entry.sequence };
  }
}

function startedAfter(entry: ChangeEntry, before: ChangeRecord | undefined): ChangeEntry | undefined {
  if (entry.kind !== 'execution' && entry.kind !== 'undo') return undefined;
  if (entry.state === 'STARTED') return entry;
  return before?.started?.kind === entry.kind ? before.started : undefined;
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

/** Tells whether an entry says that its change is applied. */
export function isApplied(entry: ChangeEntry | undefined): boolean {
  return entry?.state === 'APPLIED' || entry?.state === 'MANUALLY_APPLIED';
}

/** Tells whether an entry is a recorded outcome that nothing proves. */
export function isUnproven(entry: ChangeEntry): boolean {
  return (entry.state === 'FAILED' || entry.state === 'ROLLBACK_FAILED') && entry.proof === 'none';
}

/** Tells whether an adoption has written its own sequence into the fence of its target. */
export function rewritesFence({ found }: Pick<AdoptionEntry, 'found'>): boolean {
  return found === 'behind' || found === 'ahead' || found === 'foreign';
}

/**
 * The least `applied` that the fence of a target must show: the `STARTED` of the last execution or undo that is known to
 * have been committed there by a transaction of its own, or a later adoption. 0 where there is none.
 */
export function expectedFence(state: LedgerState, targetSystem: string): number {
  return state.committed.get(targetSystem) ?? 0;
}
