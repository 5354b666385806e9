import type { RecoveryStrategy } from '../change/change.js';

/** Whose ledger and lock it is. */
export interface LedgerKey {
  readonly service: string;
  readonly environment: string;
  /** Empty unless the application runs its sequence once for each of its tenants. */
  readonly tenant: string;
}

export type EntryKind =
  'run' | 'execution' | 'undo' | 'resolution' | 'adoption' | 'epoch' | 'baseline' | 'import';

export type EntryState =
  | 'STARTED'
  | 'APPLIED'
  | 'FAILED'
  | 'ROLLED_BACK'
  | 'ROLLBACK_FAILED'
  | 'UNDONE'
  | 'SKIPPED'
  | 'MANUALLY_APPLIED'
  | 'MANUALLY_ROLLED_BACK';

/** How an outcome is known. */
export type Proof =
  'transaction' | 'fence' | 'not-sent' | 'rejected' | 'rollback' | 'verify' | 'person' | 'none';

/** How a change is executed; see the design document of the engine. */
export type TransactionStrategy = 'TX_SHARED' | 'TX_SEPARATE' | 'NON_TX';

/** What the ledger keeps of an error: no statement, no parameter, no secret. */
export interface RecordedError {
  readonly name: string;
  readonly code?: string;
  readonly message: string;
  /** Where in the change's own file it was thrown: `changes/_0003__X.js:12:5`. */
  readonly at?: string;
}

/** The process that wrote an entry. */
export interface Writer {
  readonly executionId: string;
  readonly instanceId: string;
  readonly host: string;
  readonly processId: number;
  readonly applicationVersion?: string;
}

interface EntryBase extends Writer {
  /** 1 for the first entry of a ledger, without gaps. */
  readonly sequence: number;
  /** Milliseconds since the epoch, by the audit store's clock. */
  readonly at: number;
  /** The hash of the entry before; empty for the first. */
  readonly previousHash: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** The beginning of a run that has work to do; its sequence is the run's token. */
export interface RunEntry extends EntryBase {
  readonly kind: 'run';
  /** The instance whose lease had expired or was released by force, if any. */
  readonly tookOverFrom?: string;
}

/**
 * What an adopted target system turned out to be. `moved`: its fence shows all that this ledger has committed there.
 * `behind`: it shows less. `ahead`: it knows entries that this ledger has not. `past`: what it shows is of an earlier epoch of
 * this ledger. `foreign`: another environment has used it. `unknown`: it has no fence row of this service, so nothing tells.
 */
export type AdoptionFinding = 'moved' | 'behind' | 'ahead' | 'past' | 'foreign' | 'unknown';

/** A person's word that a target system is the one to use, although it is not as the ledger knows it. */
export interface AdoptionEntry extends EntryBase {
  readonly kind: 'adoption';
  readonly targetSystem: string;
  /** Which system exactly it is from now on, where the target can say it. */
  readonly targetIdentity?: string;
  readonly found: AdoptionFinding;
  /** What its fence showed. */
  readonly fence: {
    readonly environment?: string;
    readonly claimed?: number;
    readonly begun?: number;
    readonly applied?: number;
  };
  /** Ids of the changes of which nobody knew any more whether it holds them. */
  readonly inDoubt: readonly string[];
  readonly actor: string;
  readonly reason: string;
}

/**
 * A person's word that the target systems were made anew: a new epoch of the ledger begins, and everything before it is
 * history only.
 */
export interface EpochEntry extends EntryBase {
  readonly kind: 'epoch';
  /** Ids of the changes that were applied in the epoch that ends. */
  readonly applied: readonly string[];
  readonly actor: string;
  readonly reason: string;
}

/** Something that happened to a change. */
export interface ChangeEntry extends EntryBase {
  readonly kind: Exclude<EntryKind, 'run' | 'adoption' | 'epoch'>;
  readonly changeId: string;
  readonly order: string;
  readonly name: string;
  readonly author?: string;
  readonly state: EntryState;
  readonly proof: Proof;
  readonly targetSystem: string;
  /** Which system exactly, where the target can say it without a secret. */
  readonly targetIdentity?: string;
  readonly strategy: TransactionStrategy;
  readonly recovery: RecoveryStrategy;
  readonly attempt: number;
  /** Milliseconds since the epoch, by the audit store's clock. */
  readonly startedAt?: number;
  readonly finishedAt?: number;
  readonly durationMs?: number;
  readonly source: string;
  readonly checksum?: string;
  readonly revision?: string;
  readonly error?: RecordedError;
  /** No attempt of the same run follows: those who wait fail with it. */
  readonly final?: boolean;
  /** The person behind a resolution or an undo, or behind the adoption that put it in doubt, and why. */
  readonly actor?: string;
  readonly reason?: string;
}

export type LedgerEntry = RunEntry | AdoptionEntry | EpochEntry | ChangeEntry;

/** An entry as a store keeps it: the exact text that was hashed, and the hash. */
export interface StoredEntry {
  readonly sequence: number;
  readonly text: string;
  readonly hash: string;
}

/** An entry on its way into a store, which may derive index columns from `entry` but must keep `text` as it is. */
export interface SealedEntry extends StoredEntry {
  readonly entry: LedgerEntry;
}
