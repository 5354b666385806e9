import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { describeWith } from './describe-with.mjs';
import { mongodb, type Mongodb, ownMongodb, startMongodb } from './mongodb.mjs';

const describeWithMongodb = await describeWith(ownMongodb);

const clients: MongoClient[] = [];

async function connect(url: string): Promise<MongoClient> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 2_000 });
  clients.push(client);
  return client.connect();
}

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});

describeWithMongodb('A MongoDB server', () => {
  let server: Mongodb;
  beforeAll(async () => {
    server = await startMongodb({ exclusive: true });
  });
  afterAll(() => server.stop());

  it('has databases that do not see each other', async () => {
    const [one, two] = [server.createDatabase(), server.createDatabase()];
    await (await connect(one.url)).db().collection('t').insertOne({ i: 1 });
    await expect((await connect(two.url)).db().collection('t').countDocuments()).resolves.toBe(0);
  });

  it('that is killed in the middle of a transaction keeps what was committed, and nothing else', async () => {
    const { url } = server.createDatabase();
    const client = await connect(url);
    const t = client.db().collection('t');
    await t.insertOne({ i: 1 }, { writeConcern: { w: 'majority', journal: true } });
    const session = client.startSession();
    session.startTransaction();
    await t.insertOne({ i: 2 }, { session });

    await server.kill();
    await expect(connect(url)).rejects.toThrow();
    await server.restart();

    await expect((await connect(url)).db().collection('t').countDocuments()).resolves.toBe(1);
  });

  it('restarts with the same address and data', async () => {
    const { url } = server.createDatabase();
    await (await connect(url)).db().collection('t').insertOne({ i: 1 });
    await server.restart();
    await expect((await connect(url)).db().collection('t').countDocuments()).resolves.toBe(1);
  });
});

describeWithMongodb('A MongoDB server with users', () => {
  let server: Mongodb;
  beforeAll(async () => {
    server = await startMongodb({ users: true });
  });
  afterAll(() => server.stop());

  it('lets a user do what was granted, and nothing else', async () => {
    const { url, name } = server.createDatabase();
    await (await connect(url)).db().collection('t').insertOne({ i: 1 });
    const granted = await server.createUser(name, [{ collection: 't', actions: ['find'] }]);
    const t = (await connect(granted)).db().collection('t');
    await expect(t.countDocuments()).resolves.toBe(1);
    await expect(t.insertOne({ i: 2 })).rejects.toMatchObject({ code: 13 });
  });
});

describeWithMongodb('A standalone MongoDB server', () => {
  let server: Mongodb;
  beforeAll(async () => {
    server = await startMongodb({ standalone: true });
  });
  afterAll(() => server.stop());

  it('is no replica set', async () => {
    const hello = await (await connect(server.url)).db('admin').command({ hello: 1 });
    expect(hello['setName']).toBeUndefined();
  });
});

describeWithMongodb(`A server that ${String(mongodb.variable)} names`, () => {
  const variable = String(mongodb.variable);
  let running: Mongodb;
  let before: string | undefined;
  beforeAll(async () => {
    running = await startMongodb({ exclusive: true });
    before = process.env[variable];
    process.env[variable] = running.url;
  });
  afterAll(async () => {
    if (before === undefined) Reflect.deleteProperty(process.env, variable);
    else process.env[variable] = before;
    await running.stop();
  });

  it('is used, keeps no database, and is neither restarted nor killed', async () => {
    const server = await startMongodb();
    expect(server.url).toBe(running.url);
    const { url } = server.createDatabase();
    await (await connect(url)).db().collection('t').insertOne({ i: 1 });
    const refused = `This server is the one of ${variable}: ask for { exclusive: true }.`;
    await expect(server.restart()).rejects.toThrow(refused);
    await expect(server.kill()).rejects.toThrow(refused);
    await server.stop();
    await expect((await connect(url)).db().collection('t').countDocuments()).resolves.toBe(0);
  });
});
