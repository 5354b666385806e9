import { isDuplicateId, serverCode } from '../errors.js';
import { assertSchemaVersion, SCHEMA_VERSION } from './schema-version.js';
import type { StoreDatabase } from './store-database.js';

/** The server's code for a collection that exists already. */
const NAMESPACE_EXISTS = 48;

/**
 * Creates the collections where they are missing, in a form in which ids compare in binary. The schema's document comes
 * last: where it stands, everything else has been there. Throws `FLG_STORE_VERSION`.
 */
export async function createCollections(database: StoreDatabase): Promise<void> {
  const { schema, ledger, lock, checkpoint } = database.collections;
  await database.creating(async () => {
    const found = await schema.findOne({ _id: 'schema' });
    if (found !== null) {
      assertSchemaVersion(found.version);
      return;
    }
    for (const { collectionName } of [ledger, lock, checkpoint, schema])
      await create(database, collectionName);
    await schema.insertOne({ _id: 'schema', version: SCHEMA_VERSION }).catch((error: unknown) => {
      // Another process was faster.
      if (!isDuplicateId(error)) throw error;
    });
  });
}

async function create({ given }: StoreDatabase, name: string): Promise<void> {
  await given.db.createCollection(name, { collation: { locale: 'simple' } }).catch((error: unknown) => {
    if (serverCode(error) !== NAMESPACE_EXISTS) throw error;
  });
}
