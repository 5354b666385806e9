import type { ChangeEntry, StoredEntry } from './entry.js';
import { unseal } from './seal.js';

/** What the ledger says of one change. */
export interface ChangeRecord {
  readonly latest: ChangeEntry;
  /** The `STARTED` of its latest execution, unless a person's word or an undo came after it. */
  readonly started: ChangeEntry | undefined;
}

/** The ledger folded into what counts now. */
export interface LedgerState {
  /** By change id. */
  readonly changes: ReadonlyMap<string, ChangeRecord>;
  /** The sequences of every `STARTED` of a transaction of its own: what a fence may show, if it belongs to this ledger. */
  readonly separateExecutions: ReadonlySet<number>;
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
  const separateExecutions = new Set<number>();
  const identities = new Map<string, string>();
  for (const stored of entries) {
    const entry = unseal(stored);
    if (entry.kind === 'run') continue;
    changes.set(entry.changeId, { latest: entry, started: startedAfter(entry, changes.get(entry.changeId)) });
    if (entry.state === 'STARTED' && entry.strategy === 'TX_SEPARATE') separateExecutions.add(entry.sequence);
    if (entry.targetIdentity !== undefined) identities.set(entry.targetSystem, entry.targetIdentity);
  }
  const head = entries.at(-1);
  return {
    changes,
    separateExecutions,
    identities,
    highestSequence: head?.sequence ?? 0,
    headHash: head?.hash ?? '',
  };
}

function startedAfter(entry: ChangeEntry, before: ChangeRecord | undefined): ChangeEntry | undefined {
  if (entry.kind !== 'execution' || entry.state === 'UNDONE') return undefined;
  return entry.state === 'STARTED' ? entry : before?.started;
}

/** Tells whether an entry says that its change is applied. */
export function isApplied(entry: ChangeEntry | undefined): boolean {
  return entry?.state === 'APPLIED' || entry?.state === 'MANUALLY_APPLIED';
}

/** Tells whether an entry is a recorded outcome that nothing proves. */
export function isUnproven(entry: ChangeEntry): boolean {
  return (entry.state === 'FAILED' || entry.state === 'ROLLBACK_FAILED') && entry.proof === 'none';
}

/**
 * The least `applied` that the fence of a target must show: the `STARTED` of the newest change that is known to have
 * been committed there by a transaction of its own. 0 where there is none. What `verify` or a person found applied
 * says nothing of a commit.
 */
export function expectedFence(state: LedgerState, targetSystem: string): number {
  const committed = [...state.changes.values()].filter(
    ({ latest }) =>
      latest.state === 'APPLIED' &&
      latest.strategy === 'TX_SEPARATE' &&
      latest.targetSystem === targetSystem &&
      (latest.proof === 'transaction' || latest.proof === 'fence'),
  );
  return Math.max(0, ...committed.map(({ started }) => started?.sequence ?? 0));
}
