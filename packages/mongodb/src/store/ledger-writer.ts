import {
  FlamingockError,
  type LeaseGrant,
  type LeaseRequest,
  type LedgerKey,
  type LedgerWriter,
  type SealedEntry,
} from '@flamingock/core/spi';
import type { ClientSession } from 'mongodb';
import { type LedgerDocument, ownerId } from '../collections.js';
import { isDuplicateId } from '../errors.js';
import { inOwnTransaction, within } from '../own-transaction.js';
import { renewal } from './lease.js';
import type { StoreDatabase } from './store-database.js';

/** Writes to the ledger and the lock: by itself, or in the open transaction of a session. */
export class MongoLedgerWriter implements LedgerWriter {
  protected readonly database: StoreDatabase;
  readonly #open: ClientSession | undefined;

  /** @param open the session whose transaction is open */
  constructor(database: StoreDatabase, open?: ClientSession) {
    this.database = database;
    this.#open = open;
  }

  async append(key: LedgerKey, entry: SealedEntry): Promise<void> {
    const { given, collections } = this.database;
    const insert = (session: ClientSession | undefined): Promise<unknown> =>
      collections.ledger.insertOne(documentOf(key, entry), within(session));
    await this.database.appending(async () => {
      try {
        await (this.#open === undefined ? inOwnTransaction(given, insert) : insert(this.#open));
      } catch (error) {
        throw isDuplicateId(error) ? sequenceTaken(entry.sequence, error) : error;
      }
    });
  }

  async renew(
    key: LedgerKey,
    request: LeaseRequest,
    highestSequence: number,
  ): Promise<LeaseGrant | undefined> {
    const { lock } = this.database.collections;
    const renewed = await this.database.locking(() =>
      lock.findOneAndUpdate({ _id: ownerId(key), owner: request.owner }, renewal(request, highestSequence), {
        returnDocument: 'after',
        ...within(this.#open),
      }),
    );
    return renewed === null ? undefined : { now: renewed.expiresAt.getTime() - request.leaseMs };
  }
}

function documentOf(key: LedgerKey, { sequence, text, hash, entry }: SealedEntry): LedgerDocument {
  const { kind, executionId, at } = entry;
  return {
    _id: { ...ownerId(key), sequence },
    kind,
    ...('changeId' in entry ? { changeId: entry.changeId, state: entry.state } : {}),
    executionId,
    recordedAt: new Date(at),
    entry: text,
    hash,
  };
}

function sequenceTaken(sequence: number, cause: unknown): FlamingockError {
  return new FlamingockError({
    code: 'FLG_SEQUENCE_TAKEN',
    message: `The ledger has an entry ${sequence} already.`,
    hint: 'Another instance has taken over; read the ledger again.',
    cause,
  });
}
