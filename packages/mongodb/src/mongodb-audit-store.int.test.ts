import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { LedgerKey, SealedEntry } from '@flamingock/core/spi';
import { type CommandStartedEvent, type Db, MongoClient } from 'mongodb';
import { describeWith } from '../../../tools/services/describe-with.mjs';
import { type Mongodb, ownMongodb, startMongodb } from '../../../tools/services/mongodb.mjs';
import { MongoTestDatabase } from '../test/mongo-database.js';
import { mongodbAuditStore } from './mongodb-audit-store.js';

const KEY: LedgerKey = { service: 'orders', environment: 'production', tenant: '' };
const LEASE = { owner: 'a', host: 'host', processId: 1, leaseMs: 30_000 };

function entry(sequence: number): SealedEntry {
  const run = { kind: 'run', sequence, at: 1, previousHash: '', host: 'host', processId: 1 } as const;
  return {
    sequence,
    text: `{"sequence":${sequence}}`,
    hash: `hash ${sequence}`,
    entry: { ...run, executionId: 'execution', instanceId: 'instance' },
  };
}

const describeWithMongodb = await describeWith(ownMongodb);

describeWithMongodb('the MongoDB audit store', () => {
  let server: Mongodb;
  let database: MongoTestDatabase;
  let db: Db;

  beforeAll(async () => {
    server = await startMongodb({ users: true });
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    database = new MongoTestDatabase(server);
    db = (await database.open()).db();
  });
  afterEach(() => database.close());

  test('reads in one command, and creates and asks for nothing else', async () => {
    await mongodbAuditStore(db).initialise();
    const sent: CommandStartedEvent[] = [];
    const client = new MongoClient(server.createDatabase().url.replace(/flamingock_\w+/, database.name), {
      monitorCommands: true,
    });
    client.on('commandStarted', (event) => sent.push(event));
    await client.connect();
    const store = mongodbAuditStore(client.db());
    const session = await store.openSession();
    await session.acquire(KEY, LEASE);
    for (const sequence of [1, 2, 3]) await session.append(KEY, entry(sequence));
    await session.release(KEY, 'a', 3, 'declared');
    sent.length = 0;
    expect((await store.read(KEY, 0, 'declared')).complete).toBe(true);
    expect((await store.read(KEY, 0)).entries).toHaveLength(3);
    expect(sent.map(({ commandName }) => commandName)).toEqual(['aggregate', 'aggregate']);
    expect(sent[0]?.command).toMatchObject({ readConcern: { level: 'majority' } });
    await client.close();
  });

  test('what it writes is durable, whatever the client is set to', async () => {
    await mongodbAuditStore(db).initialise();
    const sent: CommandStartedEvent[] = [];
    const client = new MongoClient(server.url, { monitorCommands: true, writeConcern: { w: 0 } });
    client.on('commandStarted', (event) => sent.push(event));
    await client.connect();
    const session = await mongodbAuditStore(client.db(database.name)).openSession();
    await session.acquire(KEY, LEASE);
    await session.append(KEY, entry(1));
    await session.renew(KEY, LEASE, 1);
    await session.release(KEY, 'a', 1);
    const durable = sent.filter(({ commandName }) =>
      ['findAndModify', 'update', 'commitTransaction'].includes(commandName),
    );
    expect(durable).toHaveLength(4);
    for (const { command } of durable)
      expect(command['writeConcern']).toMatchObject({ w: 'majority', j: true });
    await client.close();
  });

  test('takes a sequence once also in a collection that came back without the engine', async () => {
    const store = mongodbAuditStore(db);
    await store.initialise();
    await db.dropCollection('flamingock_ledger');
    const session = await store.openSession();
    await session.append(KEY, entry(1));
    await expect(session.append(KEY, entry(1))).rejects.toThrow('FLG_SEQUENCE_TAKEN');
  });

  test('does not take a lost ledger for a new one', async () => {
    const store = mongodbAuditStore(db);
    await store.initialise();
    await db.dropCollection('flamingock_ledger');
    await expect(store.read(KEY, 0)).rejects.toThrow(/FLG_STORE_VERSION.*flamingock_ledger/);
  });

  test('has a place in one database for several stores', async () => {
    const [one, two] = [mongodbAuditStore(db, { prefix: 'one_' }), mongodbAuditStore(db, { prefix: 'two_' })];
    await one.initialise();
    expect((await two.read(KEY, 0)).initialised).toBe(false);
    const session = await one.openSession();
    await session.append(KEY, entry(1));
    await two.initialise();
    expect((await two.read(KEY, 0)).entries).toEqual([]);
  });

  test('names the rights that are missing, and how to grant them', async () => {
    const reading = [{ collection: 'flamingock_schema', actions: ['find'] }];
    const restricted = mongodbAuditStore((await database.openRestricted(reading)).db());
    const rights = (actions: string, name: string): RegExp =>
      new RegExp(
        `^FLG_STORE_PERMISSION[^]*${actions} on ${database.name}\\.flamingock_${name}[^]*grantPrivilegesToRole`,
      );
    await expect(restricted.initialise()).rejects.toThrow(rights('find, insert, createCollection', 'ledger'));
    await mongodbAuditStore(db).initialise();
    const session = await restricted.openSession();
    await expect(session.append(KEY, entry(1))).rejects.toThrow(rights('find, insert', 'ledger'));
    await expect(session.acquire(KEY, LEASE)).rejects.toThrow(rights('find, insert, update', 'lock'));
  });

  test('works with the rights that the page names', async () => {
    await mongodbAuditStore(db).initialise();
    const readable = ['schema', 'ledger', 'lock'].map((name) => ({
      collection: `flamingock_${name}`,
      actions: ['find'],
    }));
    const reader = mongodbAuditStore((await database.openRestricted(readable)).db());
    expect((await reader.read(KEY, 0)).initialised).toBe(true);

    const writable = [
      { collection: 'flamingock_schema', actions: ['find'] },
      { collection: 'flamingock_ledger', actions: ['find', 'insert'] },
      { collection: 'flamingock_lock', actions: ['find', 'insert', 'update'] },
    ];
    const writer = await mongodbAuditStore((await database.openRestricted(writable)).db()).openSession();
    expect(await writer.acquire(KEY, LEASE)).toBeDefined();
    await writer.append(KEY, entry(1));
    expect(await writer.renew(KEY, LEASE, 1)).toBeDefined();
    await writer.release(KEY, 'a', 1);
    expect((await reader.read(KEY, 0)).entries).toHaveLength(1);
  });

  test('a session that was closed does nothing more', async () => {
    const store = mongodbAuditStore(db);
    await store.initialise();
    const session = await store.openSession();
    await session.close();
    await expect(session.append(KEY, entry(1))).rejects.toThrow('FLG_CLOSED');
    await expect(session.acquire(KEY, LEASE)).rejects.toThrow('FLG_CLOSED');
  });
});
