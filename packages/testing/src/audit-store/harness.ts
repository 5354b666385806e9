import type { AuditStore, LedgerKey, StoredEntry, Target } from '@flamingock/core/spi';
import type { Lacks } from '../contract-case.js';

/**
 * - `tables`: a new database has no tables; they are created by `initialise` and have a version.
 * - `settings`: a connection has settings that the engine changes for its own statements.
 * - `sharedTransactions`: an entry can be appended inside a transaction of a target.
 */
export type AuditStoreAbility = 'tables' | 'settings' | 'sharedTransactions';

/** Gives the contract databases to try a kind of audit store on. */
export interface AuditStoreHarness {
  readonly lacks?: Lacks<AuditStoreAbility>;
  /** A new, empty database for one case. */
  database(): Promise<AuditDatabase>;
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
 * says is there.
 */
export interface AuditDatabase {
  /** A store on a connection or pool of its own, as another process would have one. */
  store(): Promise<AuditStore>;
  /** In ascending sequence; empty where there are no tables. */
  rawEntries(key: LedgerKey): Promise<readonly StoredEntry[]>;
  /** `undefined` where there never was a lock. */
  rawLock(key: LedgerKey): Promise<RawLock | undefined>;
  /** Moves the end of the current lease into the past. */
  expireLock(key: LedgerKey): Promise<void>;
  /** Gives existing tables another version. */
  setSchemaVersion(version: number): Promise<void>;
  /** What the application has set on the connection of a store. */
  settings(store: AuditStore): Promise<unknown>;
  /** A target on the very driver object of a store. */
  target(store: AuditStore): Promise<Target>;
  /** Closes everything that was opened here. */
  close(): Promise<void>;
}
