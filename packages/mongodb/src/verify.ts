import { isDeepStrictEqual } from 'node:util';
import type { Db, Document, IndexDirection, IndexSpecification } from 'mongodb';
import { unboundDb } from './target/bound-db.js';

/** What a change of an index or a validator answers to `verify`. */
type Found = 'APPLIED' | 'NOT_APPLIED';

/**
 * Tells whether a collection has an index: by its name, or by its keys in their order and what else is said of it. For the
 * `verify` of a change that creates an index; it looks past an open transaction, in which MongoDB lists no indexes.
 *
 * @param options what the index must have been created with, such as `{ unique: true }`; others do not matter
 * @example
 * verify: ({ db }) => indexExists(db, 'orders', { customer: 1, placedAt: -1 }, { unique: true }),
 */
export async function indexExists(
  db: Db,
  collection: string,
  index: string | Readonly<Record<string, IndexDirection>>,
  options: Readonly<Document> = {},
): Promise<Found> {
  const indexes = await indexesOf(unboundDb(db), collection);
  const found = indexes.some(
    ({ name, key, ...rest }) =>
      (typeof index === 'string' ? name === index : sameKeys(key, index)) &&
      Object.entries(options).every(([option, value]) => isDeepStrictEqual(rest[option], value)),
  );
  return found ? 'APPLIED' : 'NOT_APPLIED';
}

/**
 * Tells whether a collection has exactly this validator; `undefined`: none. For the `verify` of a change that sets one; it
 * looks past an open transaction, in which MongoDB lists no collections.
 *
 * @example
 * verify: ({ db }) => validatorIs(db, 'orders', { $jsonSchema: { required: ['paymentMethod'] } }),
 */
export async function validatorIs(
  db: Db,
  collection: string,
  validator: Readonly<Document> | undefined,
): Promise<Found> {
  const [found] = await unboundDb(db).listCollections({ name: collection }, { nameOnly: false }).toArray();
  const options: Document | undefined = found !== undefined && 'options' in found ? found.options : undefined;
  const is = options?.['validator'] as Document | undefined;
  return found !== undefined && isDeepStrictEqual(emptyIsNone(is), emptyIsNone(validator))
    ? 'APPLIED'
    : 'NOT_APPLIED';
}

interface IndexDescription extends Document {
  readonly name?: string;
  readonly key: Document;
}

async function indexesOf(db: Db, name: string): Promise<readonly IndexDescription[]> {
  // Where there is no collection, its indexes cannot be listed.
  const [collection] = await db.listCollections({ name }, { nameOnly: true }).toArray();
  if (collection === undefined) return [];
  return db.collection(name).listIndexes().toArray() as Promise<IndexDescription[]>;
}

/** The order of the keys is part of an index. */
function sameKeys(found: Document, wanted: IndexSpecification): boolean {
  return isDeepStrictEqual(Object.entries(found), Object.entries(wanted));
}

/** A validator is taken away by an empty one. */
function emptyIsNone(validator: Readonly<Document> | undefined): Readonly<Document> | undefined {
  return validator === undefined || Object.keys(validator).length === 0 ? undefined : validator;
}
