import { mongodbAuditStore } from '@flamingock/mongodb';
import { MongoClient, type Document } from 'mongodb';
import { ownMongodb, startMongodb, type Mongodb } from '../../../tools/services/mongodb.mjs';
import type { Database, DatabaseServer, DatabaseSystem } from './database.js';

export const MONGODB: DatabaseSystem = {
  name: 'MongoDB',
  service: ownMongodb,
  ownService: ownMongodb,
  transactions: ['TX_SHARED', 'TX_SEPARATE'],
  sendsRows: false,
  // When it ends the transaction of a process that is not there any more: the default is a minute.
  start: async ({ longChanges = false } = {}) =>
    serverOf(await startMongodb({ exclusive: true, ...(longChanges ? {} : { transactionSeconds: 4 }) })),
};

function serverOf(server: Mongodb): DatabaseServer {
  return {
    createDatabase: () => Promise.resolve(server.createDatabase()),
    async copy(url) {
      const copied = server.createDatabase();
      await load(url, copied.url);
      return copied;
    },
    restore: load,
    forProxy(url) {
      const direct = new URL(url);
      direct.searchParams.delete('replicaSet');
      direct.searchParams.set('directConnection', 'true');
      return direct.href;
    },
    connect,
    kill: () => server.kill(),
    restart: () => server.restart(),
    async setReadOnly(readOnly) {
      // A member that is not the primary takes no writes. The only one of its set is the primary when it is started.
      if (!readOnly) return server.restart();
      await withClient(server.url, (client) =>
        client.db('admin').command({ replSetStepDown: 3600, force: true }),
      );
    },
    stop: () => server.stop(),
  };
}

async function withClient(url: string, use: (client: MongoClient) => Promise<unknown>): Promise<void> {
  const client = await new MongoClient(url).connect();
  try {
    await use(client);
  } finally {
    await client.close();
  }
}

/** What `mongodump` and `mongorestore --drop` do: every document, and the options and indexes of its collection. */
async function load(from: string, to: string): Promise<void> {
  await withClient(from, (client) =>
    withClient(to, async (other) => {
      const [source, copy] = [client.db(), other.db()];
      await copy.dropDatabase();
      for (const { name, options } of await source
        .listCollections<{ name: string; options: Document }>()
        .toArray()) {
        const collection = await copy.createCollection(name, options);
        const indexes = await source.collection(name).indexes();
        const own = indexes.filter((index) => index.name !== '_id_');
        for (const { key, v: _, ...options } of own) await collection.createIndexes([{ key, ...options }]);
        const documents = await source.collection(name).find().toArray();
        if (documents.length > 0) await collection.insertMany(documents);
      }
    }),
  );
}

async function connect(url: string): Promise<Database> {
  const client = await new MongoClient(url).connect();
  const db = client.db();
  // Made while the server answers: tests may ask for it when it does not.
  const store = mongodbAuditStore(db);
  return {
    async prepareEffects() {
      await db.createCollection('effects');
    },
    async effects() {
      const found = await db.collection('effects').find().sort({ at: 1 }).toArray();
      return found.map(({ name }) => String(name));
    },
    auditStore: () => store,
    async now() {
      const { localTime } = await client.db('admin').command({ hello: 1 });
      return (localTime as Date).getTime();
    },
    async lockExpiry() {
      const lock = await db.collection<{ expiresAt: Date }>('flamingock_lock').findOne();
      return lock?.expiresAt.getTime();
    },
    untilRows: () => Promise.reject(new Error('Here clients fetch what they find.')),
    changeEntries: () =>
      db
        .collection('flamingock_ledger')
        .find({ changeId: { $exists: true } })
        .sort({ _id: 1 })
        .toArray(),
    fences: () =>
      db
        .collection('flamingock_fence')
        .find({}, { projection: { environment: 1, begun: 1, applied: 1 } })
        .sort({ _id: 1 })
        .toArray(),
    async dump() {
      const names = (await db.listCollections().toArray()).map(({ name }) => name).sort();
      const dump: Record<string, unknown> = {};
      for (const name of names) dump[name] = await db.collection(name).find().sort({ _id: 1 }).toArray();
      return dump;
    },
    close: () => client.close(),
  };
}
