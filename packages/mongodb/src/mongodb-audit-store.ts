import type { AuditStore, EntryColumns, LedgerKey } from '@flamingock/core/spi';
import type { ClientSession } from 'mongodb';
import { collectionsOf } from './collections.js';
import { givenDatabase, type MongoDatabase } from './given-database.js';
import { type CollectionOptions, prefixOf } from './options.js';
import { createCollections } from './store/create-collections.js';
import { MongoLedgerWriter } from './store/ledger-writer.js';
import { above, readLedger } from './store/read-ledger.js';
import { MongoAuditSession } from './store/session.js';
import { StoreDatabase } from './store/store-database.js';

/**
 * Keeps the ledger and the lock in a MongoDB database, from version 4.4 of the server on. The collections are created when
 * the first run needs them. The client stays the application's to close.
 *
 * Throws `FLG_OPTION_INVALID` for anything but a `Db` or a Mongoose connection, for one that is not connected yet and for a
 * prefix that cannot be used, and `FLG_OPTION_UNKNOWN`.
 *
 * @example
 * const auditStore = mongodbAuditStore((await client.connect()).db('audit'));
 */
export function mongodbAuditStore(given: MongoDatabase, options: CollectionOptions = {}): AuditStore {
  const where = 'mongodbAuditStore()';
  const prefix = prefixOf(options, where);
  const parts = givenDatabase(given, where);
  const database = new StoreDatabase(parts, collectionsOf(parts.db, prefix));
  return {
    kind: 'mongodb',
    capabilities: {
      sharedTransactions: parts.transactional,
      singleConnection: false,
      checkpoints: true,
    },
    driver: parts.client,
    secrets: parts.secrets,
    read: (key, after, declaration) => readLedger(database, key, after, declaration),
    columns: (key) => columns(database, key),
    environments: (service, tenant) => environments(database, service, tenant),
    ledgers: () => ledgers(database),
    initialise: () => createCollections(database),
    openSession: () => Promise.resolve(new MongoAuditSession(database)),
    ...(parts.transactional
      ? { within: (connection) => new MongoLedgerWriter(database, connection as ClientSession) }
      : {}),
  };
}

function columns(database: StoreDatabase, key: LedgerKey): Promise<readonly EntryColumns[]> {
  return database.reading(async () => {
    const found = await database.collections.ledger
      .find(above(key, 0), { projection: { entry: 0, hash: 0 } })
      .sort({ _id: 1 })
      .toArray();
    return found.map(({ _id, kind, changeId, state, executionId, recordedAt }) => ({
      sequence: _id.sequence,
      kind,
      changeId,
      state,
      executionId,
      at: recordedAt.getTime(),
    }));
  });
}

async function environments(
  database: StoreDatabase,
  service: string,
  tenant: string,
): Promise<readonly string[]> {
  const all = await ledgersOf(database, { '_id.service': service });
  const own = all.filter((key) => key.tenant === tenant);
  return [...new Set((own.length === 0 ? all : own).map(({ environment }) => environment))];
}

function ledgers(database: StoreDatabase): Promise<readonly LedgerKey[]> {
  return ledgersOf(database, {});
}

/** Each ledger begins with its first entry; one whose beginning was cut off still has others. */
function ledgersOf(database: StoreDatabase, filter: object): Promise<readonly LedgerKey[]> {
  return database.reading(async () => {
    const found = await database.collections.ledger
      .aggregate<{ readonly _id: LedgerKey }>([
        { $match: filter },
        {
          $group: {
            _id: { service: '$_id.service', environment: '$_id.environment', tenant: '$_id.tenant' },
          },
        },
      ])
      .toArray();
    return found.map(({ _id }) => _id);
  });
}
