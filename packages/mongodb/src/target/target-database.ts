import type { Collections } from '../collections.js';
import { withCodedErrors } from '../errors.js';
import type { GivenDatabase } from '../given-database.js';

/** The database of a target with its collections, and how errors are told there. */
export class TargetDatabase {
  readonly given: GivenDatabase;
  readonly collections: Collections;

  constructor(given: GivenDatabase, collections: Collections) {
    this.given = given;
    this.collections = collections;
  }

  /** Reads or writes the fence, or whose turn it is. Throws as {@link withCodedErrors}. */
  fencing<T>(work: () => Promise<T>): Promise<T> {
    const { fence, turn } = this.collections;
    return withCodedErrors(
      {
        code: 'FLG_TARGET_PERMISSION',
        what: 'write the fence of the target system',
        database: this.given.db.databaseName,
        needs: [fence, turn].map(({ collectionName }) => [collectionName, ['find', 'insert', 'update']]),
      },
      work,
    );
  }
}
