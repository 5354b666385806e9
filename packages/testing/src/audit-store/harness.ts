import type { AuditStore, LedgerKey, StoredEntry, Target } from '@flamingock/core/spi';
import type { Lacks } from '../contract-case.js';
import type { AuditStoreAbility } from './abilities.js';

/** Gives the contract databases to try a kind of audit store on. */
export interface AuditStoreHarness {
  /** What the system cannot do, each with the reason. What is not named here must be there. */
  readonly lacks?: Lacks<AuditStoreAbility>;
  /** A new, empty database for one case. */
  database(): Promise<AuditDatabase>;
}

/** How the connection or pool of a store is set. */
export interface ConnectionOptions {
  /** The time zone of its sessions, by its IANA name. Only asked for with the ability `timeZones`. */
  readonly timeZone?: string;
}

/** A store whose connections a case can break. */
export interface UnreliableStore {
  readonly store: AuditStore;
  /**
   * From now on requests still arrive at the server and are executed; the first byte of an answer ends the
   * connection instead. Holds for open connections and for new ones.
   */
  readonly loseReplies: () => Promise<void>;
}

/** The lock as it stands in the database. */
export interface RawLock {
  /** `undefined` after a release. */
  readonly owner: string | undefined;
  readonly expiresAt: number;
  readonly highestSequence: number;
}

/**
 * One database, with a way around the store: what the contract checks is what is there, and not what the store
 * says is there. What only exists with an ability is absent where the harness lacks it.
 */
export interface AuditDatabase {
  /** A store on a connection or pool of its own, as another process would have one. */
  store(options?: ConnectionOptions): Promise<AuditStore>;
  /** In ascending sequence; empty where there are no tables. */
  rawEntries(key: LedgerKey): Promise<readonly StoredEntry[]>;
  /** Replaces the text of one entry and nothing else, as somebody with a SQL prompt would; `undefined` deletes the entry. */
  editEntry(key: LedgerKey, sequence: number, text: string | undefined): Promise<void>;
  /** `undefined` where there never was a lock. */
  rawLock(key: LedgerKey): Promise<RawLock | undefined>;
  /** Moves the end of the current lease into the past. */
  expireLock(key: LedgerKey): Promise<void>;
  /** A target on the very driver object of a store. */
  target(store: AuditStore): Promise<Target>;
  /** Closes everything that was opened here, also what a case has broken. */
  close(): Promise<void>;

  /** With `tables`: gives existing tables another version. */
  readonly setSchemaVersion?: (version: number) => Promise<void>;
  /** With `settings`: what the application has set on the connection of a store. */
  readonly settings?: (store: AuditStore) => Promise<unknown>;
  /** With `columns`: changes the column for the state of one entry, and nothing else. */
  readonly editState?: (key: LedgerKey, sequence: number, state: string) => Promise<void>;
  /** With `poolOfOne`: a store on a pool of a single connection. */
  readonly poolOfOne?: () => Promise<AuditStore>;
  /** With `lostReplies`: a store on a connection or pool of its own that can be broken. The others go on. */
  readonly unreliable?: () => Promise<UnreliableStore>;
  /**
   * With `permissions`: a store on a connection of its own, whose user may read the existing tables, and may neither
   * write nor create any. Asked for after `initialise`.
   */
  readonly restricted?: () => Promise<AuditStore>;
}
