import type { CheckpointWriter, ClaimedCheckpoint, LedgerKey, SavedCheckpoint } from '@flamingock/core/spi';
import { ownerId } from '../collections.js';
import { isDuplicateId } from '../errors.js';
import type { StoreDatabase } from './store-database.js';

/** Claims and saves checkpoints, each in one conditional statement. */
export class MongoCheckpoints implements CheckpointWriter {
  readonly #database: StoreDatabase;

  constructor(database: StoreDatabase) {
    this.#database = database;
  }

  async claim(key: LedgerKey, changeId: string, sequence: number): Promise<ClaimedCheckpoint | undefined> {
    const { checkpoint } = this.#database.collections;
    const found = await this.#database.checkpointing(async () => {
      try {
        return await checkpoint.findOneAndUpdate(
          { _id: { ...ownerId(key), changeId }, claimed: { $lte: sequence } },
          [
            {
              $set: {
                // A higher claim counts the values anew.
                revision: { $cond: [{ $eq: ['$claimed', sequence] }, { $ifNull: ['$revision', 0] }, 0] },
                claimed: sequence,
                savedBy: { $ifNull: ['$savedBy', 0] },
                value: { $ifNull: ['$value', null] },
              },
            },
          ],
          { upsert: true, returnDocument: 'after' },
        );
      } catch (error) {
        // There is one, and its claim is above.
        if (isDuplicateId(error)) return null;
        throw error;
      }
    });
    return found === null ? undefined : { savedBy: found.savedBy, text: found.value ?? undefined };
  }

  async save(
    key: LedgerKey,
    changeId: string,
    { sequence, revision, text }: SavedCheckpoint,
  ): Promise<boolean> {
    const { checkpoint } = this.#database.collections;
    const late = { $gt: ['$revision', revision] };
    const { matchedCount } = await this.#database.checkpointing(() =>
      checkpoint.updateOne({ _id: { ...ownerId(key), changeId }, claimed: sequence }, [
        {
          $set: {
            savedBy: { $cond: [late, '$savedBy', sequence] },
            value: { $cond: [late, '$value', { $literal: text }] },
            revision: { $max: ['$revision', revision] },
          },
        },
      ]),
    );
    return matchedCount > 0;
  }
}
