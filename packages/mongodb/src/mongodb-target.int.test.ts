import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createFlamingock, defineChange, type Flamingock, memoryAuditStore, token } from '@flamingock/core';
import { ClientSession, Db, MongoClient } from 'mongodb';
import mongoose, { type Model } from 'mongoose';
import { describeWith } from '../../../tools/services/describe-with.mjs';
import { type Mongodb, ownMongodb, startMongodb } from '../../../tools/services/mongodb.mjs';
import { MongoTestDatabase } from '../test/mongo-database.js';
import { withProbe } from '../test/mongo-harness.js';
import { mongodbAuditStore } from './mongodb-audit-store.js';
import { mongodbTarget } from './mongodb-target.js';
import { indexExists, validatorIs } from './verify.js';

const describeWithMongodb = await describeWith(ownMongodb);
const SERVICE = { service: 'orders', environment: 'test', logger: false } as const;

interface Value {
  readonly _id: string;
}

describeWithMongodb('a MongoDB target', () => {
  let server: Mongodb;
  let database: MongoTestDatabase;
  let client: MongoClient;
  let db: Db;

  beforeAll(async () => {
    server = await startMongodb({ exclusive: true, transactionSeconds: 2 });
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    database = new MongoTestDatabase(server);
    client = await database.open();
    db = client.db();
  });
  afterEach(() => database.close());

  const values = async (): Promise<readonly string[]> =>
    (await db.collection<Value>('probe').find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id);

  test('shares transactions with a store on the same client, also in another database', async () => {
    const flamingock = createFlamingock({
      ...SERVICE,
      auditStore: mongodbAuditStore(client.db(`${database.name}_audit`)),
      targets: { db: mongodbTarget(db) },
      changes: [
        defineChange({
          id: 'a',
          name: '_1__a',
          inject: { db: Db },
          apply: async (clients) => {
            await clients.db.collection<Value>('probe').insertOne({ _id: 'a' });
          },
        }),
        defineChange({
          id: 'b',
          name: '_2__b',
          inject: { db: Db },
          async apply(clients) {
            await clients.db.collection<Value>('probe').insertOne({ _id: 'b' });
            throw new Error('the change failed');
          },
        }),
      ],
    });
    await expect(flamingock.run()).rejects.toThrow('the change failed');
    expect(await values()).toEqual(['a']);
    const strategies = (await flamingock.history()).entries.map((entry) =>
      'strategy' in entry ? entry.strategy : entry.kind,
    );
    expect(strategies).toContain('TX_SHARED');
    await client.db(`${database.name}_audit`).dropDatabase();
  });

  test('gives the session of the transaction, for operations that are given one', async () => {
    await run(
      defineChange({
        id: 'a',
        name: '_1__a',
        inject: { session: ClientSession },
        async apply({ session }) {
          await db.collection<Value>('probe').insertOne({ _id: 'a' }, { session });
          expect(await values()).toEqual([]);
        },
      }),
    );
    expect(await values()).toEqual(['a']);
  });

  test('refuses what would leave the transaction', async () => {
    const refused: unknown[] = [];
    await run(
      defineChange({
        id: 'a',
        name: '_1__a',
        inject: { db: Db },
        apply(clients) {
          for (const leave of [
            () => clients.db.client,
            () => clients.db.watch(),
            () => clients.db.admin(),
            () => clients.db.collection('probe').watch(),
          ]) {
            try {
              leave();
            } catch (error) {
              refused.push((error as { code: string }).code);
            }
          }
        },
      }),
    );
    expect(refused).toEqual(Array.from({ length: 4 }, () => 'FLG_DEPENDENCY_UNBOUND'));
  });

  test('creates a collection with its index and documents in a transaction, or nothing of it', async () => {
    const creating = (fails: boolean): ReturnType<typeof defineChange> =>
      defineChange({
        id: 'a',
        name: '_1__a',
        inject: { db: Db },
        async apply(clients) {
          const made = await clients.db.createCollection('made');
          await made.createIndex({ name: 1 }, { unique: true }, {});
          await made.insertOne({ name: 'first' });
          if (fails) throw new Error('the change failed');
        },
        // Asked inside a transaction, in which MongoDB lists neither collections nor indexes.
        verify: (clients) => indexExists(clients.db, 'made', { name: 1 }, { unique: true }),
      });
    const auditStore = memoryAuditStore();
    await expect(run(creating(true), auditStore)).rejects.toThrow('the change failed');
    expect(await db.listCollections({ name: 'made' }).toArray()).toEqual([]);
    await run(creating(false), auditStore);
    expect(await db.collection('made').countDocuments()).toBe(1);
    expect(await engine([creating(false)], auditStore).verify()).toMatchObject({
      changes: [{ result: 'APPLIED' }],
    });
  });

  test('what the server refuses in a transaction is told with the way out', async () => {
    await client.db('admin').command({
      configureFailPoint: 'failCommand',
      mode: { times: 1 },
      data: { failCommands: ['createIndexes'], errorCode: 263 },
    });
    const failing = run(
      defineChange({
        id: 'a',
        name: '_1__a',
        inject: { db: Db },
        apply: (clients) => clients.db.collection('probe').createIndex({ name: 1 }, {}, {}),
      }),
    );
    await expect(failing).rejects.toThrow(
      /FLG_DEPENDENCY_UNBOUND: MongoDB refuses an operation[^]*transactional: false[^]*MongoClient: Failing/,
    );
  });

  test('what the server ended because it took too long is rolled back, and the message says what to do', async () => {
    const failing = run(
      defineChange({
        id: 'a',
        name: '_1__a',
        inject: { db: Db },
        async apply(clients) {
          await clients.db.collection<Value>('probe').insertOne({ _id: 'a' });
          await new Promise((resolve) => setTimeout(resolve, 2_500));
        },
      }),
    );
    await expect(failing).rejects.toThrow(/transactionLifetimeLimitSeconds/);
    expect(await values()).toEqual([]);
  });

  test('an error of an operation that was given the session, and swallowed, rolls the change back', async () => {
    const failing = run(
      defineChange({
        id: 'a',
        name: '_1__a',
        inject: { session: ClientSession },
        async apply({ session }) {
          const probe = db.collection<Value>('probe');
          await probe.insertOne({ _id: 'a' }, { session });
          await probe.insertOne({ _id: 'a' }, { session }).catch(() => undefined);
        },
      }),
    );
    await expect(failing).rejects.toThrow('FLG_TRANSACTION_ABORTED');
    expect(await values()).toEqual([]);
  });

  test('Mongoose: connection and models belong to the transaction, and so do documents', async () => {
    const connection = await database.openMongoose();
    withProbe(connection);
    const auditStore = memoryAuditStore();
    const change = (fails: boolean): ReturnType<typeof defineChange> =>
      defineChange({
        id: 'a',
        name: '_1__a',
        targetSystem: 'db',
        inject: { connection: mongoose.Connection, Probe: token<Model<Value>>('ProbeModel') },
        async apply({ connection: bound, Probe }) {
          await new Probe({ _id: 'saved' }).save();
          await Probe.create([{ _id: 'created' }]);
          await Probe.updateOne({ _id: 'upserted' }, {}, { upsert: true });
          await bound.collection<Value>('probe').insertOne({ _id: 'collected' });
          await bound.model<Value>('Probe').insertMany([{ _id: 'inserted' }]);
          expect(await Probe.countDocuments()).toBe(5);
          expect(await values()).toEqual([]);
          if (fails) throw new Error('the change failed');
        },
      });
    const start = (fails: boolean): Promise<unknown> =>
      createFlamingock({
        ...SERVICE,
        auditStore,
        targets: { db: mongodbTarget(connection) },
        changes: [change(fails)],
      }).run();
    await expect(start(true)).rejects.toThrow('the change failed');
    expect(await values()).toEqual([]);
    await start(false);
    expect(await values()).toEqual(['collected', 'created', 'inserted', 'saved', 'upserted']);
    expect(connection.models['Probe']?.db).toBe(connection);
  });

  test('Mongoose: discriminators and the list of models belong to the transaction, too', async () => {
    const connection = await database.openMongoose();
    const probe = new mongoose.Schema(
      { _id: String, seen: Number },
      { collection: 'probe', versionKey: false },
    );
    connection.model('Probe', probe).discriminator('Special', new mongoose.Schema({ extra: String }));
    await client
      .db()
      .collection<Value>('probe')
      .insertOne({ _id: 'there', __t: 'Special' } as Value);
    const flamingock = createFlamingock({
      ...SERVICE,
      auditStore: memoryAuditStore(),
      targets: { db: mongodbTarget(connection) },
      changes: [
        defineChange({
          id: 'a',
          name: '_1__a',
          targetSystem: 'db',
          inject: { bound: mongoose.Connection },
          async apply({ bound }) {
            expect(bound.readyState).toBe(mongoose.ConnectionStates.connected);
            const Probe = bound.model<Value>('Probe');
            await Probe.create([{ _id: 'created', __t: 'Special' } as Value]);
            const [found] = await Probe.find({ _id: 'there' });
            await found?.set('seen', 1).save();
            await bound.models['Probe']?.create([{ _id: 'listed' }]);
            await bound.models['Special']?.create([{ _id: 'special' }]);
            expect(() => bound.syncIndexes()).toThrow('FLG_DEPENDENCY_UNBOUND');
            throw new Error('the change failed');
          },
        }),
      ],
    });
    await expect(flamingock.run()).rejects.toThrow('the change failed');
    expect(await db.collection<Value>('probe').find().toArray()).toEqual([{ _id: 'there', __t: 'Special' }]);
  });

  test('an index and a validator as changes, which tell by themselves whether they are there', async () => {
    const validator = { $jsonSchema: { required: ['paymentMethod'] } };
    const flamingock = engine([
      defineChange({
        id: 'index',
        name: '_1__index',
        transactional: false,
        inject: { db: Db },
        apply: async (clients) => {
          await clients.db
            .collection('orders')
            .createIndex({ customer: 1, placedAt: -1 }, { sparse: true }, {});
        },
        verify: (clients) =>
          indexExists(clients.db, 'orders', { customer: 1, placedAt: -1 }, { sparse: true }),
      }),
      defineChange({
        id: 'validator',
        name: '_2__validator',
        transactional: false,
        inject: { db: Db },
        apply: async (clients) => {
          await clients.db.command({ collMod: 'orders', validator });
        },
        verify: (clients) => validatorIs(clients.db, 'orders', validator),
      }),
    ]);
    await flamingock.run();
    const told = async (): Promise<unknown> => [
      await indexExists(db, 'orders', 'customer_1_placedAt_-1'),
      await indexExists(db, 'orders', { placedAt: -1, customer: 1 }),
      await indexExists(db, 'orders', { customer: 1, placedAt: -1 }, { unique: true }),
      await indexExists(db, 'nowhere', { customer: 1 }),
      await validatorIs(db, 'orders', validator),
      await validatorIs(db, 'orders', undefined),
      await validatorIs(db, 'nowhere', undefined),
    ];
    const no = 'NOT_APPLIED';
    expect(await told()).toEqual(['APPLIED', no, no, no, 'APPLIED', no, no]);
    // Of which the server has none: only the primary answers.
    const elsewhere = client.db(db.databaseName, { readPreference: 'secondary' });
    expect(await indexExists(elsewhere, 'orders', 'customer_1_placedAt_-1')).toBe('APPLIED');
    expect(await validatorIs(elsewhere, 'orders', validator)).toBe('APPLIED');
    await db.command({ collMod: 'orders', validator: {} });
    await db.collection('orders').dropIndex('customer_1_placedAt_-1');
    expect(await told()).toEqual([no, no, no, no, no, 'APPLIED', no]);
  });

  function engine(
    changes: readonly ReturnType<typeof defineChange>[],
    auditStore = memoryAuditStore(),
  ): Flamingock {
    return createFlamingock({ ...SERVICE, auditStore, targets: { db: mongodbTarget(db) }, changes });
  }

  function run(change: ReturnType<typeof defineChange>, auditStore = memoryAuditStore()): Promise<unknown> {
    return engine([change], auditStore).run();
  }
});

describeWithMongodb('a MongoDB target on a standalone server', () => {
  let server: Mongodb;
  beforeAll(async () => {
    server = await startMongodb({ standalone: true });
  });
  afterAll(() => server.stop());

  test('runs changes without a transaction, and the ledger says so', async () => {
    const database = new MongoTestDatabase(server);
    const client = await database.open();
    const flamingock = createFlamingock({
      ...SERVICE,
      auditStore: mongodbAuditStore(client.db()),
      targets: { db: mongodbTarget(client.db()) },
      changes: [
        defineChange({
          id: 'a',
          name: '_1__a',
          inject: { db: Db },
          apply: async (clients) => {
            await clients.db.collection<Value>('probe').insertOne({ _id: 'a' });
          },
        }),
      ],
    });
    await flamingock.run();
    const strategies = (await flamingock.history()).entries.flatMap((entry) =>
      'strategy' in entry ? [entry.strategy] : [],
    );
    expect(new Set(strategies)).toEqual(new Set(['NON_TX']));
    await database.close();
  });
});
