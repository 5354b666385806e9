import { isDeepStrictEqual } from 'node:util';
import type { Db, Document, IndexDirection, IndexSpecification } from 'mongodb';
import { isUnknownField } from './errors.js';
import { unboundDb } from './target/bound-db.js';

/** What a change of an index or a validator answers to `verify`. */
type Found = 'APPLIED' | 'NOT_APPLIED';

/** A secondary may not have yet what a change has done, whatever the client is set to. */
const ON_PRIMARY = { readPreference: 'primary' } as const;

/**
 * Tells whether a collection has an index: by its name, or by its keys in their order and what else is said of it. For the
 * `verify` of a change that creates an index; it looks past an open transaction, in which MongoDB lists no indexes. Asks the
 * primary. `UNKNOWN` of an index that the server is still building: that goes on without the change, and may fail yet.
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
): Promise<Found | 'UNKNOWN'> {
  const indexes = await indexesOf(unboundDb(db), collection);
  const found = indexes.filter(
    ({ spec: { name, key, ...rest } }) =>
      (typeof index === 'string' ? name === index : sameKeys(key, index)) &&
      Object.entries(options).every(([option, value]) => isDeepStrictEqual(rest[option], value)),
  );
  if (found.length === 0) return 'NOT_APPLIED';
  return found.some(({ built }) => built) ? 'APPLIED' : 'UNKNOWN';
}

/**
 * Tells whether a collection has exactly this validator; `undefined`: none. For the `verify` of a change that sets one; it
 * looks past an open transaction, in which MongoDB lists no collections. Asks the primary.
 *
 * @example
 * verify: ({ db }) => validatorIs(db, 'orders', { $jsonSchema: { required: ['paymentMethod'] } }),
 */
export async function validatorIs(
  db: Db,
  collection: string,
  validator: Readonly<Document> | undefined,
): Promise<Found> {
  const [found] = await unboundDb(db)
    .listCollections({ name: collection }, { nameOnly: false, ...ON_PRIMARY })
    .toArray();
  const options: Document | undefined = found !== undefined && 'options' in found ? found.options : undefined;
  const is = options?.['validator'] as Document | undefined;
  return found !== undefined && isDeepStrictEqual(emptyIsNone(is), emptyIsNone(validator))
    ? 'APPLIED'
    : 'NOT_APPLIED';
}

interface IndexSpec extends Document {
  readonly name?: string;
  readonly key: Document;
}

interface FoundIndex {
  readonly spec: IndexSpec;
  readonly built: boolean;
}

async function indexesOf(db: Db, name: string): Promise<readonly FoundIndex[]> {
  // Where there is no collection, its indexes cannot be listed.
  const [collection] = await db.listCollections({ name }, { nameOnly: true, ...ON_PRIMARY }).toArray();
  if (collection === undefined) return [];
  const listed = await listIndexes(db, name);
  // One that is still being built stands in `spec`, beside `buildUUID`.
  return listed.map((one) => ({
    spec: (one['spec'] ?? one) as IndexSpec,
    built: one['buildUUID'] === undefined,
  }));
}

/** Without the field MongoDB lists an index that it is building as any other one; the driver's own method has no place for it. */
async function listIndexes(db: Db, name: string): Promise<readonly Document[]> {
  const list = { listIndexes: name, cursor: {} };
  const ask = (command: Document): Promise<Document[]> =>
    db.runCursorCommand(command, ON_PRIMARY).toArray() as Promise<Document[]>;
  try {
    return await ask({ ...list, includeBuildUUIDs: true });
  } catch (error) {
    if (isUnknownField(error)) return ask(list);
    throw error;
  }
}

/** The order of the keys is part of an index. */
function sameKeys(found: Document, wanted: IndexSpecification): boolean {
  return isDeepStrictEqual(Object.entries(found), Object.entries(wanted));
}

/** A validator is taken away by an empty one. */
function emptyIsNone(validator: Readonly<Document> | undefined): Readonly<Document> | undefined {
  return validator === undefined || Object.keys(validator).length === 0 ? undefined : validator;
}
