import type { AuditStore, BoundClients, Target, Token } from '@flamingock/core/spi';
import type { AuditDatabase, AuditStoreHarness, TargetDatabase, TargetHarness } from '@flamingock/testing';
import { type ClientSession, Db, MongoClient } from 'mongodb';
import { type Connection, type Model, Schema } from 'mongoose';
import type { MongoDatabase } from '../src/given-database.js';
import { mongodbAuditStore } from '../src/mongodb-audit-store.js';
import { mongodbTarget } from '../src/mongodb-target.js';
import { modelOf } from '../src/tokens.js';
import type { MongoTestDatabase } from './mongo-database.js';
import { rawAuditCollections, rawFences } from './raw-collections.js';

type Create = () => MongoTestDatabase;

const STORE_LACKS: NonNullable<AuditStoreHarness['lacks']> = {
  settings: 'a client has no settings that a statement changes',
  poolOfOne: 'a session keeps no connection: the driver lends one for each statement alone',
  timeZones: 'a connection has no time zone',
};

const AUDIT_COLLECTIONS = ['schema', 'ledger', 'lock', 'checkpoint'];

/** Each store has a client of its own to one database, as other processes would have. */
export function mongodbAuditHarness(create: Create): AuditStoreHarness {
  return {
    lacks: STORE_LACKS,
    database: () => auditDatabase(create(), async (database) => (await database.open()).db()),
  };
}

/** Each store has a Mongoose connection of its own. */
export function mongooseAuditHarness(create: Create): AuditStoreHarness {
  return {
    lacks: STORE_LACKS,
    database: () => auditDatabase(create(), (database) => database.openMongoose()),
  };
}

/** Each store has a client of its own to a standalone server. */
export function standaloneAuditHarness(create: Create): AuditStoreHarness {
  const harness = mongodbAuditHarness(create);
  return {
    lacks: {
      ...STORE_LACKS,
      sharedTransactions: 'a standalone server knows no transactions',
      permissions: 'the standalone server of the tests asks for no password',
    },
    async database() {
      const { restricted: _restricted, ...database } = await harness.database();
      return database;
    },
  };
}

async function auditDatabase(
  database: MongoTestDatabase,
  open: (database: MongoTestDatabase) => Promise<MongoDatabase>,
): Promise<AuditDatabase> {
  const given = new Map<AuditStore, MongoDatabase>();
  return {
    async store() {
      const opened = await open(database);
      const store = mongodbAuditStore(opened);
      given.set(store, opened);
      return store;
    },
    ...rawAuditCollections((await database.open()).db()),
    target: async (store) => mongodbTarget(given.get(store) ?? (store.driver as MongoClient).db()),
    async unreliable() {
      const { url, loseReplies } = await database.unreliableUrl();
      return { store: mongodbAuditStore((await database.open(url)).db()), loseReplies };
    },
    async restricted() {
      const readable = AUDIT_COLLECTIONS.map((name) => ({
        collection: `flamingock_${name}`,
        actions: ['find'],
      }));
      return mongodbAuditStore((await database.openRestricted(readable)).db());
    },
    close: () => database.close(),
  };
}

const TARGET_LACKS: NonNullable<TargetHarness['lacks']> = {
  savepoints: 'MongoDB knows none',
  idleTimeout: 'the server ends a transaction by its age alone (transactionLifetimeLimitSeconds)',
  endsHolders: 'the server itself ends a transaction after transactionLifetimeLimitSeconds',
  timeouts: 'a transaction that meets the lock of another one conflicts at once, and waits for nothing',
};

/** Changes that write with the `Db`. */
export function mongodbTargetHarness(create: Create): TargetHarness {
  return {
    lacks: TARGET_LACKS,
    async database() {
      const database = create();
      return targetDatabase(database, {
        client: Db,
        plainClient: MongoClient,
        open: async (url) => (await database.open(url)).db(),
        async write(client, value) {
          await (client as Db).collection<{ _id: string }>('probe').insertOne({ _id: value });
        },
        async fail(client) {
          const twice = [{ _id: 'twice' }, { _id: 'twice' }];
          await (client as Db).collection<{ _id: string }>('probe').insertMany(twice);
        },
      });
    },
  };
}

interface Probe {
  readonly _id: string;
}

/** Changes that write with a Mongoose model. */
export function mongooseTargetHarness(create: Create): TargetHarness {
  return {
    lacks: TARGET_LACKS,
    async database() {
      const database = create();
      const client = modelOf<Model<Probe>>({ modelName: 'Probe' } as Model<Probe>);
      return targetDatabase(database, {
        client,
        plainClient: MongoClient,
        async open(url) {
          const connection = await database.openMongoose(url);
          withProbe(connection);
          return connection;
        },
        async write(model, value) {
          await (model as Model<Probe>).create([{ _id: value }]);
        },
        async fail(model) {
          await (model as Model<Probe>).insertMany([{ _id: 'twice' }, { _id: 'twice' }]);
        },
      });
    },
  };
}

/** A connection with the model that changes of the contract are given. */
export function withProbe(connection: Connection): void {
  connection.model<Probe>('Probe', new Schema<Probe>({ _id: String }, { versionKey: false }), 'probe');
}

interface Probing {
  readonly client: Token;
  readonly plainClient: Token;
  readonly open: (url?: string) => Promise<MongoDatabase>;
  readonly write: (client: unknown, value: string) => Promise<void>;
  readonly fail: (client: unknown) => Promise<void>;
}

async function targetDatabase(
  database: MongoTestDatabase,
  { client, plainClient, open, write, fail }: Probing,
): Promise<TargetDatabase> {
  const sessions: ClientSession[] = [];
  const raw = (await database.open()).db();
  await raw.createCollection('probe');
  const clientOf = (clients: BoundClients): unknown => clients.client(client);
  return {
    async target(): Promise<Target> {
      const opened = await open();
      recordSessions('getClient' in opened ? opened.getClient() : opened.client, sessions);
      return mongodbTarget(opened);
    },
    client,
    plainClient,
    write: (clients, value) => write(clientOf(clients), value),
    statements: {
      fail: (clients) => fail(clientOf(clients)),
      async end(_clients, how) {
        const session = sessions.findLast((one) => one.inTransaction());
        await (how === 'COMMIT' ? session?.commitTransaction() : session?.abortTransaction());
      },
    },
    ...rawFences(raw),
    async rawValues() {
      const found = await raw.collection<{ _id: string }>('probe').find().sort({ _id: 1 }).toArray();
      return found.map(({ _id }) => _id);
    },
    async unreliable() {
      const { url, loseReplies } = await database.unreliableUrl();
      return { target: mongodbTarget(await open(url)), loseReplies };
    },
    async restricted() {
      const probe = { collection: 'probe', actions: ['find', 'insert'] };
      return mongodbTarget((await database.openRestricted([probe])).db());
    },
    close: () => database.close(),
  };
}

/** A change commits by the session of its transaction, which it may have been given. */
function recordSessions(client: MongoClient, sessions: ClientSession[]): void {
  const start = client.startSession.bind(client);
  client.startSession = (options) => {
    const session = start(options);
    sessions.push(session);
    return session;
  };
}
