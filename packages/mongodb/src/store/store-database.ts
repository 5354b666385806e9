import type { Collections } from '../collections.js';
import { type Purpose, withCodedErrors } from '../errors.js';
import type { GivenDatabase } from '../given-database.js';

/** The database of an audit store with its collections, and how errors are told there. */
export class StoreDatabase {
  readonly given: GivenDatabase;
  readonly collections: Collections;

  constructor(given: GivenDatabase, collections: Collections) {
    this.given = given;
    this.collections = collections;
  }

  /** Reads the ledger and the lock. Throws as {@link withCodedErrors}. */
  reading<T>(work: () => Promise<T>): Promise<T> {
    const { schema, ledger, lock } = this.collections;
    return this.#coded('read the audit store', [schema, ledger, lock], ['find'], work);
  }

  /** Creates what is missing. Throws as {@link withCodedErrors}. */
  creating<T>(work: () => Promise<T>): Promise<T> {
    const { schema, ledger, lock, checkpoint } = this.collections;
    const actions = ['find', 'insert', 'createCollection'];
    return this.#coded(
      'create the collections of the audit store',
      [schema, ledger, lock, checkpoint],
      actions,
      work,
    );
  }

  /** Appends to the ledger. Throws as {@link withCodedErrors}. */
  appending<T>(work: () => Promise<T>): Promise<T> {
    return this.#coded('write the ledger', [this.collections.ledger], ['find', 'insert'], work);
  }

  /** Writes the lock. Throws as {@link withCodedErrors}. */
  locking<T>(work: () => Promise<T>): Promise<T> {
    return this.#coded('write the lock', [this.collections.lock], ['find', 'insert', 'update'], work);
  }

  /** Writes checkpoints. Throws as {@link withCodedErrors}. */
  checkpointing<T>(work: () => Promise<T>): Promise<T> {
    const { checkpoint } = this.collections;
    return this.#coded(
      'write the checkpoints of long changes',
      [checkpoint],
      ['find', 'insert', 'update'],
      work,
    );
  }

  #coded<T>(
    what: string,
    collections: readonly { readonly collectionName: string }[],
    actions: readonly string[],
    work: () => Promise<T>,
  ): Promise<T> {
    const purpose: Purpose = {
      code: 'FLG_STORE_PERMISSION',
      what,
      database: this.given.db.databaseName,
      needs: collections.map(({ collectionName }) => [collectionName, actions]),
    };
    return withCodedErrors(purpose, work);
  }
}
