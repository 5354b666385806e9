import type { Collection, Db, TransactionOptions } from 'mongodb';

/** What the ledger and the lock are read and written with: nothing that a failover could take back. */
const DURABLE = {
  readConcern: { level: 'majority' },
  readPreference: 'primary',
  writeConcern: { w: 'majority', journal: true },
} as const;

/** The same for the engine's own transactions. */
export const DURABLE_TRANSACTION: TransactionOptions = { ...DURABLE, readConcern: { level: 'snapshot' } };

/**
 * The same for the transactions of changes. With `local`, and only with that, they may create collections and indexes
 * (MongoDB manual, "Transactions and Operations"); they read one snapshot all the same, and a commit that the majority has
 * acknowledged covers what was read before it.
 */
export const CHANGE_TRANSACTION: TransactionOptions = { ...DURABLE, readConcern: { level: 'local' } };

/** Whose ledger, lock or checkpoint a document is; the order of the fields is part of the key. */
export interface OwnerId {
  readonly service: string;
  readonly environment: string;
  readonly tenant: string;
}

export interface SchemaDocument {
  readonly _id: 'schema';
  readonly version: number;
}

/**
 * One entry. Its key is the `_id`, whose index every collection has from its first document on and nobody can drop: also
 * in a collection that was lost and came back with the next write, a sequence is taken once.
 */
export interface LedgerDocument {
  readonly _id: OwnerId & { readonly sequence: number };
  readonly kind: string;
  readonly changeId?: string;
  readonly state?: string;
  readonly executionId: string;
  readonly recordedAt: Date;
  /** The exact text that was hashed. */
  readonly entry: string;
  readonly hash: string;
}

/** Stays after a release, with `owner: null`. */
export interface LockDocument {
  readonly _id: OwnerId;
  readonly owner: string | null;
  readonly tookOverFrom: string | null;
  readonly host: string;
  readonly processId: number;
  readonly acquiredAt: Date;
  readonly expiresAt: Date;
  readonly leaseMs: number;
  readonly highestSequence: number;
  readonly completeFor: string | null;
}

export interface CheckpointDocument {
  readonly _id: OwnerId & { readonly changeId: string };
  readonly claimed: number;
  readonly savedBy: number;
  readonly revision: number;
  readonly value: string | null;
}

export interface FenceDocument {
  readonly _id: { readonly service: string; readonly tenant: string };
  readonly environment: string;
  readonly claimed: number;
  readonly begun: number;
  readonly applied: number;
  /** Counts claims and adoptions: an update that changes nothing would not conflict with an open transaction. */
  readonly claims: number;
}

/** Which transaction that is shared with the ledger is open: one for each ledger. */
export interface TurnDocument {
  readonly _id: OwnerId;
  readonly turns: number;
}

/** The collections of a store and of a target, under the names that they have in one database. */
export interface Collections {
  readonly schema: Collection<SchemaDocument>;
  readonly ledger: Collection<LedgerDocument>;
  readonly lock: Collection<LockDocument>;
  readonly checkpoint: Collection<CheckpointDocument>;
  readonly fence: Collection<FenceDocument>;
  readonly turn: Collection<TurnDocument>;
}

/** @param prefix what the names begin with */
export function collectionsOf(db: Db, prefix: string): Collections {
  return {
    schema: db.collection(`${prefix}schema`, DURABLE),
    ledger: db.collection(`${prefix}ledger`, DURABLE),
    lock: db.collection(`${prefix}lock`, DURABLE),
    checkpoint: db.collection(`${prefix}checkpoint`, DURABLE),
    fence: db.collection(`${prefix}fence`, DURABLE),
    turn: db.collection(`${prefix}turn`, DURABLE),
  };
}

/** The key of what belongs to one ledger. */
export function ownerId({ service, environment, tenant }: OwnerId): OwnerId {
  return { service, environment, tenant };
}
