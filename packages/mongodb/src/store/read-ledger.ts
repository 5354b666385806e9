import type { LedgerContent, LedgerKey, LockRecord } from '@flamingock/core/spi';
import type { Document } from 'mongodb';
import { type LedgerDocument, type LockDocument, ownerId } from '../collections.js';
import { isForbidden } from '../errors.js';
import { assertSchemaVersion, ledgerMissing } from './schema-version.js';
import type { StoreDatabase } from './store-database.js';

/** All entries in the first answer, as far as one answer of the server can hold them. */
const ONE_BATCH = 1_000_000;

/** What the one reading statement answers: a document for each entry, and one where there is none. */
interface ReadDocument {
  readonly version: unknown;
  readonly now: Date;
  readonly lock?: LockDocument;
  readonly complete: boolean;
  readonly count: number;
  readonly preceding: number;
  readonly entry?: Pick<LedgerDocument, '_id' | 'entry' | 'hash'>;
}

/**
 * Reads a ledger in one statement. Only where there is nothing yet a second one asks for the clock, or whether a ledger was
 * lost.
 *
 * @param declaration where the ledger completes it, its entries are left out
 */
export function readLedger(
  database: StoreDatabase,
  key: LedgerKey,
  after: number,
  declaration?: string,
): Promise<LedgerContent> {
  const { schema, ledger } = database.collections;
  return database.reading(async () => {
    const documents = await schema
      .aggregate<ReadDocument>(statement(database, key, after, declaration), { batchSize: ONE_BATCH })
      .toArray();
    const [first] = documents;
    if (first === undefined) {
      const now = await clock(database);
      return { initialised: false, entries: [], preceding: 0, lock: undefined, highestSequence: 0, now };
    }
    assertSchemaVersion(first.version);
    if (first.lock === undefined && first.count === 0 && !(await exists(database, ledger.collectionName))) {
      throw ledgerMissing(schema.collectionName, ledger.collectionName);
    }
    return contentOf(first, documents);
  });
}

function statement(
  { collections }: StoreDatabase,
  key: LedgerKey,
  after: number,
  declaration: string | undefined,
): Document[] {
  const ledger = collections.ledger.collectionName;
  const count = { $ifNull: ['$all.count', 0] };
  const highest = { $ifNull: ['$lock.highestSequence', 0] };
  return [
    { $match: { _id: 'schema' } },
    {
      $lookup: {
        from: collections.lock.collectionName,
        pipeline: [{ $match: { _id: ownerId(key) } }],
        as: 'lock',
      },
    },
    { $lookup: { from: ledger, pipeline: [{ $match: above(key, 0) }, ...counting(after)], as: 'all' } },
    { $set: { lock: { $arrayElemAt: ['$lock', 0] }, all: { $arrayElemAt: ['$all', 0] } } },
    {
      $set: {
        // As many as the highest one says, and none above it: every one of them.
        complete: {
          $and: [
            { $eq: ['$lock.completeFor', { $literal: declaration ?? null }] },
            declaration !== undefined,
            { $eq: [count, highest] },
            { $eq: [{ $ifNull: ['$all.highest', 0] }, highest] },
          ],
        },
      },
    },
    {
      $lookup: {
        from: ledger,
        let: { wanted: { $not: ['$complete'] } },
        pipeline: [
          // Alone and first: a server that looks at each document is done with it sooner.
          { $match: { $expr: '$$wanted' } },
          { $match: above(key, after) },
          { $sort: { _id: 1 } },
          { $project: { entry: 1, hash: 1 } },
        ],
        as: 'entry',
      },
    },
    { $unwind: { path: '$entry', preserveNullAndEmptyArrays: true } },
    {
      $project: {
        version: 1,
        now: '$$NOW',
        lock: 1,
        complete: 1,
        count,
        preceding: { $ifNull: ['$all.preceding', 0] },
        entry: 1,
      },
    },
  ];
}

/** The entries of one ledger above a sequence: a range of the index of `_id`. */
export function above(key: LedgerKey, sequence: number): Document {
  const owner = ownerId(key);
  return {
    _id: { $gt: { ...owner, sequence }, $lte: { ...owner, sequence: Number.MAX_SAFE_INTEGER } },
  };
}

function counting(after: number): Document[] {
  return [
    { $project: { _id: 1 } },
    {
      $group: {
        _id: null,
        count: { $sum: 1 },
        highest: { $max: '$_id.sequence' },
        preceding: { $sum: { $cond: [{ $lte: ['$_id.sequence', after] }, 1, 0] } },
      },
    },
  ];
}

function contentOf(first: ReadDocument, documents: readonly ReadDocument[]): LedgerContent {
  return {
    initialised: true,
    entries: documents.flatMap(({ entry }) =>
      entry === undefined ? [] : [{ sequence: entry._id.sequence, text: entry.entry, hash: entry.hash }],
    ),
    preceding: first.preceding,
    lock: lockOf(first.lock),
    highestSequence: first.lock?.highestSequence ?? 0,
    now: first.now.getTime(),
    complete: first.complete,
  };
}

function lockOf(lock: LockDocument | undefined): LockRecord | undefined {
  if (lock === undefined || lock.owner === null) return undefined;
  const { owner, host, processId, acquiredAt, expiresAt, leaseMs } = lock;
  return {
    owner,
    host,
    processId,
    acquiredAt: acquiredAt.getTime(),
    expiresAt: expiresAt.getTime(),
    leaseMs,
  };
}

/** The server's clock, where there is no document yet that a statement could begin with. */
async function clock({ given }: StoreDatabase): Promise<number> {
  const { localTime } = await given.db.command({ hello: 1 }, { readPreference: 'primary' });
  return (localTime as Date).getTime();
}

async function exists({ given }: StoreDatabase, name: string): Promise<boolean> {
  try {
    // It tells what the user may see, and so takes no right.
    const options = { nameOnly: true, authorizedCollections: true };
    return (await given.db.listCollections({ name }, options).toArray()).length > 0;
  } catch (error) {
    // Where it does take one there is no telling.
    if (isForbidden(error)) return true;
    throw error;
  }
}
