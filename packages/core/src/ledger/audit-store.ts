import type { LedgerKey, SealedEntry, StoredEntry } from './entry.js';

/** Who holds the lock, as every instance may read it. */
export interface LockRecord {
  /** The holder: its instance id, and which of its turns. */
  readonly owner: string;
  readonly host: string;
  readonly processId: number;
  /** Milliseconds since the epoch, by the store's clock. */
  readonly acquiredAt: number;
  readonly expiresAt: number;
  /** How long the lease was when it was last taken or renewed, in milliseconds: that was at `expiresAt - leaseMs`. */
  readonly leaseMs: number;
}

/** What one read brings. */
export interface LedgerContent {
  /** `false`: the tables do not exist yet; everything else is then empty. */
  readonly initialised: boolean;
  /** In ascending sequence, above the asked one. */
  readonly entries: readonly StoredEntry[];
  /** How many entries there are at and below the asked sequence: where one is missing, they are less than it says. */
  readonly preceding: number;
  /** The last holder, whether or not the lease has expired; `undefined` when nobody ever held it or it was released. */
  readonly lock: LockRecord | undefined;
  /**
   * What the lock record was last told of the ledger's highest sequence, by a renewal or a release; kept also after
   * the release, 0 where nobody ever held it. A ledger that ends below it has lost its tail.
   */
  readonly highestSequence: number;
  /** The store's clock at the moment of the statement, in milliseconds since the epoch. */
  readonly now: number;
  /**
   * `true`: the lock was given back with the very declaration that was asked for, and the ledger is whole and ends where
   * it ended then. The entries may then be left out.
   */
  readonly complete?: boolean;
}

/** What a store keeps beside the text of an entry, for queries. The text alone counts; the columns are checked against it. */
export interface EntryColumns {
  readonly sequence: number;
  readonly kind: string;
  readonly changeId: string | undefined;
  readonly state: string | undefined;
  readonly executionId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What an instance asks for when it wants the lock. */
export interface LeaseRequest {
  readonly owner: string;
  readonly host: string;
  readonly processId: number;
  readonly leaseMs: number;
}

/** A confirmed lease. */
export interface LeaseGrant {
  /** The store's clock at the moment of the statement. */
  readonly now: number;
  /** The owner of an expired lease that this one replaces. */
  readonly tookOverFrom?: string;
}

/** What may be written while the lock is held. */
export interface LedgerWriter {
  /**
   * Adds one entry at exactly its sequence, as durable as the store can make it before it resolves.
   *
   * Throws `FLG_SEQUENCE_TAKEN` on a duplicate of the ledger's own key, and on nothing else: it means that the
   * lock is lost. Throws `FLG_STORE_BUSY` for lock time-outs, deadlocks and write conflicts; the engine repeats.
   */
  append(key: LedgerKey, entry: SealedEntry): Promise<void>;

  /**
   * Extends the lease in one conditional statement that judges expiry by the store's clock alone, and records
   * the highest sequence. `undefined`: the lease is not the owner's any more. An expired lease that nobody has
   * taken over may be extended.
   */
  renew(key: LedgerKey, request: LeaseRequest, highestSequence: number): Promise<LeaseGrant | undefined>;
}

/** What a claim of a checkpoint finds. */
export interface ClaimedCheckpoint {
  /** The sequence of the attempt that saved it; 0 where nobody ever did. */
  readonly savedBy: number;
  readonly text: string | undefined;
}

/** One value of a checkpoint on its way into a store. */
export interface SavedCheckpoint {
  /** With which the attempt has claimed it. */
  readonly sequence: number;
  /** Counts the values of one attempt. */
  readonly revision: number;
  /** At most 16 384 bytes, kept as it is. */
  readonly text: string;
}

/**
 * How far changes with `resumable: true` have come: one row for each, with who has claimed it, who has saved it, the
 * number of that value and the value. Every call is one conditional statement, durable when it resolves, and may be
 * repeated. Throws `FLG_STORE_BUSY` as {@link LedgerWriter.append} does.
 */
export interface CheckpointWriter {
  /**
   * Sets the claim to the sequence unless it is above, and returns what was saved last. `undefined` where a later attempt
   * has claimed it. A higher claim than before forgets the number of the value, and keeps the value.
   */
  claim(key: LedgerKey, changeId: string, sequence: number): Promise<ClaimedCheckpoint | undefined>;

  /**
   * Saves a value where the claim is exactly its sequence; `false` where it is not. One whose number lies below that of
   * the value that stands there came late: it changes nothing, and the answer is `true`.
   */
  save(key: LedgerKey, changeId: string, value: SavedCheckpoint): Promise<boolean>;
}

/** One pinned connection, so that the application's load on its pool cannot starve lock and ledger. */
export interface AuditSession extends LedgerWriter {
  /** As {@link AuditStore.read}, on the pinned connection. */
  read(key: LedgerKey, after: number): Promise<LedgerContent>;

  /**
   * Takes the lock in one conditional statement when it is free, expired by the store's clock, or already the
   * owner's; `undefined` when somebody else holds it. Keeps the highest sequence that is recorded.
   */
  acquire(key: LedgerKey, request: LeaseRequest): Promise<LeaseGrant | undefined>;

  /**
   * Gives the lock back and records the highest sequence. Harmless when the lock is not the owner's.
   *
   * @param completeFor the declaration that the ledger completes, for {@link AuditStore.read}; forgotten when the lock is
   *   taken again. A store may ignore it.
   */
  release(key: LedgerKey, owner: string, highestSequence: number, completeFor?: string): Promise<void>;

  /** Present where the store keeps checkpoints; without it a resumable change is refused. */
  readonly checkpoints?: CheckpointWriter | undefined;

  /** Gives the connection back as it was. Never throws. */
  close(): Promise<void>;
}

/** What a store can do; tests and the engine decide by these and never by its name. */
export interface AuditStoreCapabilities {
  /** An entry can be appended inside a transaction of a target that is built on the same driver object. */
  readonly sharedTransactions: boolean;
  /**
   * The driver has a single connection by nature (SQLite): while a shared transaction is open it is the lock,
   * and the lease is renewed inside it.
   */
  readonly singleConnection: boolean;
  /**
   * The driver lends one connection at a time (a pool of one), and a session keeps it: a target on the same driver
   * object would wait for it for ever, so that is refused with `FLG_OPTION_INVALID`. Default `false`.
   */
  readonly lendsOneConnection?: boolean;
  /** Its sessions keep checkpoints. Default `false`. */
  readonly checkpoints?: boolean;
}

/** Where the ledger and the lock live. */
export interface AuditStore {
  /** For people: `sqlite`. */
  readonly kind: string;
  readonly capabilities: AuditStoreCapabilities;
  /** The driver object that the user passed; a target with the very same one (`===`) can share transactions. */
  readonly driver: object;
  /** What must not appear in any message. */
  readonly secrets?: readonly string[];

  /**
   * Reads the ledger above a sequence, the lock record, the schema version and the clock **in one statement**,
   * from the primary, on the application's own warm pool.
   *
   * A missing table is not an error (`initialised: false`). Throws `FLG_STORE_VERSION` for tables of another version.
   *
   * @param declaration asks whether the ledger completes it: see `complete`. A store may ignore it
   */
  read(key: LedgerKey, after: number, declaration?: string): Promise<LedgerContent>;

  /** The columns beside the texts, in ascending sequence; absent for a store that keeps none. */
  columns?(key: LedgerKey): Promise<readonly EntryColumns[]>;

  /**
   * The environments under which this service and tenant have a ledger here; where the tenant has none, those of the
   * service's other tenants. Each once.
   */
  environments(service: string, tenant: string): Promise<readonly string[]>;

  /** Every ledger that has an entry here, in any order; none where there are no tables. */
  ledgers(): Promise<readonly LedgerKey[]>;

  /** Creates the tables where they are missing. Safe to race with other processes. */
  initialise(): Promise<void>;

  /** Pins a connection; the tables exist. */
  openSession(): Promise<AuditSession>;

  /**
   * Writes through the connection of a target's open transaction. Only called for a target whose driver is this
   * store's; absent without the capability `sharedTransactions`.
   *
   * @param connection what the target passed to `beforeCommit`
   */
  within?(connection: unknown): LedgerWriter;
}
