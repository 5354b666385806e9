import {
  type AuditSession,
  type CheckpointWriter,
  FlamingockError,
  type LeaseGrant,
  type LeaseRequest,
  type LedgerContent,
  type LedgerKey,
  type SealedEntry,
} from '@flamingock/core/spi';
import { ownerId } from '../collections.js';
import { isDuplicateId, storeBusy } from '../errors.js';
import { MongoCheckpoints } from './checkpoints.js';
import { acquisition, release } from './lease.js';
import { MongoLedgerWriter } from './ledger-writer.js';
import { readLedger } from './read-ledger.js';
import type { StoreDatabase } from './store-database.js';

/**
 * What a run does with the store. It keeps no connection: the driver lends one for each statement alone, so that nobody
 * waits for a connection for longer than a statement takes.
 */
export class MongoAuditSession extends MongoLedgerWriter implements AuditSession {
  readonly checkpoints: CheckpointWriter;
  #closed = false;

  constructor(database: StoreDatabase) {
    super(database);
    this.checkpoints = new MongoCheckpoints(database);
  }

  async read(key: LedgerKey, after: number): Promise<LedgerContent> {
    this.#assertOpen();
    return readLedger(this.database, key, after);
  }

  override async append(key: LedgerKey, entry: SealedEntry): Promise<void> {
    this.#assertOpen();
    return super.append(key, entry);
  }

  async acquire(key: LedgerKey, request: LeaseRequest): Promise<LeaseGrant | undefined> {
    this.#assertOpen();
    const { lock } = this.database.collections;
    const found = await this.database.locking(async () => {
      try {
        return await lock.findOneAndUpdate({ _id: ownerId(key) }, acquisition(request), {
          upsert: true,
          returnDocument: 'after',
        });
      } catch (error) {
        // Two have created the document at the same time, and the other one was faster.
        throw isDuplicateId(error) ? storeBusy(error) : error;
      }
    });
    if (found?.owner !== request.owner) return undefined;
    const { acquiredAt, tookOverFrom } = found;
    return { now: acquiredAt.getTime(), ...(tookOverFrom === null ? {} : { tookOverFrom }) };
  }

  override async renew(
    key: LedgerKey,
    request: LeaseRequest,
    highestSequence: number,
  ): Promise<LeaseGrant | undefined> {
    this.#assertOpen();
    return super.renew(key, request, highestSequence);
  }

  async release(key: LedgerKey, owner: string, highestSequence: number, completeFor?: string): Promise<void> {
    this.#assertOpen();
    const { lock } = this.database.collections;
    await this.database.locking(() =>
      lock.updateOne({ _id: ownerId(key), owner }, release(highestSequence, completeFor)),
    );
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }

  #assertOpen(): void {
    if (!this.#closed) return;
    throw new FlamingockError({
      code: 'FLG_CLOSED',
      message: 'The session of the audit store was closed.',
      hint: 'Open another one.',
    });
  }
}
