import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createFlamingock, defineChange, type Flamingock } from '@flamingock/core';
import { Db, type Document, MongoClient } from 'mongodb';
import { describeWith } from '../../../tools/services/describe-with.mjs';
import { type Mongodb, ownMongodb, startMongodb } from '../../../tools/services/mongodb.mjs';
import { mongodbAuditStore } from './mongodb-audit-store.js';
import { mongodbTarget } from './mongodb-target.js';

const PERSON = { actor: 'jane', reason: 'the test says so' };
/** One for each way in which a change is executed; the outcome of the last one only a person can tell. */
const IDS = ['shared', 'separate', 'verified', 'plain'];
const ONCE = IDS.map((id) => [id, 1]);

/** What a server does in place of answering a command, or beside it; twice, where the driver tries twice by itself. */
interface Fault {
  readonly times: number;
  readonly data: Document;
}
const CUTS: Fault = { times: 2, data: { closeConnection: true } };
const FAULTS: readonly Fault[] = [
  CUTS,
  // A write conflict, with the labels that a server gives it.
  { times: 1, data: { errorCode: 112 } },
  { times: 1, data: { errorCode: 96, errorLabels: [] } },
  // It is shutting down.
  { times: 2, data: { errorCode: 11_600 } },
  // It does not know the transaction any more.
  { times: 1, data: { errorCode: 251 } },
  // It was done, and nobody knows whether the majority has it.
  { times: 1, data: { writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' } } },
];

/** Everything that a run sends, but for what the driver watches the server with. */
const COMMANDS = [
  ...[
    'abortTransaction',
    'aggregate',
    'commitTransaction',
    'create',
    'find',
    'findAndModify',
    'insert',
    'update',
  ],
];

const describeWithMongodb = await describeWith(ownMongodb);

describeWithMongodb('a server that fails at one command', () => {
  let server: Mongodb;
  let person: MongoClient;
  const clients: MongoClient[] = [];
  beforeAll(async () => {
    server = await startMongodb({ exclusive: true, transactionSeconds: 1 });
    person = await new MongoClient(server.url).connect();
  });
  afterAll(async () => {
    await person.close();
    await server.stop();
  });
  afterEach(() => close());

  async function close(): Promise<void> {
    for (const client of clients.splice(0)) await client.close();
  }

  /** Two databases, whose ledger is in the first one. */
  interface Names {
    readonly audit: string;
    readonly orders: string;
  }
  async function databases(): Promise<Names> {
    const [audit, orders] = [server.createDatabase().name, server.createDatabase().name];
    for (const name of [audit, orders]) await person.db(name).createCollection('effects');
    return { audit, orders };
  }

  /** As another process has one. */
  async function instance(names: Names, sent?: string[]): Promise<Flamingock> {
    const open = async (): Promise<MongoClient> => {
      const client = new MongoClient(server.url, { appName: 'faulty', monitorCommands: sent !== undefined });
      client.on('commandStarted', ({ commandName }) => {
        if (COMMANDS.includes(commandName)) sent?.push(commandName);
      });
      clients.push(client);
      return client.connect();
    };
    const [one, other] = [await open(), await open()];
    const effect = (name: string) => async (given: { readonly db: Db }) => {
      await given.db.collection('effects').insertOne({ name });
    };
    const changes = IDS.map((id, index) =>
      defineChange({
        id,
        order: index + 1,
        name: id,
        targetSystem: id === 'shared' ? 'own' : 'other',
        transactional: id === 'shared' || id === 'separate',
        inject: { db: Db },
        apply: effect(id),
        rollback: effect(`undo ${id}`),
        ...(id === 'verified'
          ? { verify: async () => ((await net(names, id)) === 1 ? 'APPLIED' : 'NOT_APPLIED') }
          : {}),
      }),
    );
    return createFlamingock({
      service: 'orders',
      environment: 'test',
      auditStore: mongodbAuditStore(one.db(names.audit)),
      targets: { own: mongodbTarget(one.db(names.audit)), other: mongodbTarget(other.db(names.orders)) },
      changes,
      lock: { leaseMs: 3000, renewMs: 1000, waitMs: 60_000 },
      logger: false,
    });
  }

  async function effects({ audit, orders }: Names): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    for (const name of [audit, orders])
      for (const { name: effect } of await person.db(name).collection('effects').find().toArray())
        counts.set(String(effect), (counts.get(String(effect)) ?? 0) + 1);
    return counts;
  }
  async function net(names: Names, id: string): Promise<number> {
    const counts = await effects(names);
    return (counts.get(id) ?? 0) - (counts.get(`undo ${id}`) ?? 0);
  }

  async function failPoint(mode: Document | 'off', data: Document = {}): Promise<void> {
    const scope = { failCommands: COMMANDS, appName: 'faulty' };
    await person
      .db('admin')
      .command({ configureFailPoint: 'failCommand', mode, data: { ...scope, ...data } });
  }

  /** What the command leaves that fails at the n-th command, as its code; `undefined` where it got over that by itself. */
  async function failing(
    names: Names,
    { data, times }: Fault,
    skip: number,
    work: (one: Flamingock) => Promise<unknown>,
  ): Promise<unknown> {
    const one = await instance(names);
    await failPoint({ skip, times }, data);
    const [outcome] = await Promise.allSettled([work(one)]);
    await failPoint('off');
    await one.close();
    return outcome.status === 'fulfilled' ? undefined : (outcome.reason as { readonly code: unknown }).code;
  }

  /** Other processes do it again; a person looks at the systems and answers what is asked. */
  async function heal(names: Names, work: (one: Flamingock) => Promise<unknown>): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const one = await instance(names);
      try {
        await work(one);
        return;
      } catch (error) {
        const { code } = error as { readonly code: unknown };
        if (attempt === 5 || (code !== 'FLG_ISSUE_OPEN' && code !== 'FLG_LOCK_LOST')) throw error;
        for (const { changeId } of await one.issues()) {
          const as = (await net(names, changeId)) === 1 ? 'APPLIED' : 'ROLLED_BACK';
          await one.resolve(changeId, { ...PERSON, as });
        }
      } finally {
        await one.close();
      }
    }
  }

  async function undoAll(one: Flamingock): Promise<void> {
    try {
      for (;;) await one.undo({ ...PERSON, last: true });
    } catch (error) {
      if (!(error as Error).message.includes('No change is applied')) throw error;
    }
  }

  test('of a start: the next start completes it, and nothing is applied twice or lost', async () => {
    const sent: string[] = [];
    const clean = await databases();
    await (await instance(clean, sent)).run();
    for (const [skip, command] of sent.entries()) {
      const aborts = command === 'abortTransaction';
      // Most commands are of a kind that their neighbours are of, too.
      if (skip % 2 !== 0 && !aborts) continue;
      const names = await databases();
      const fault = aborts ? CUTS : (FAULTS[(skip / 2) % FAULTS.length] ?? CUTS);
      const outcome = await failing(names, fault, skip, (one) => one.run());
      // What is left open there keeps nobody waiting for longer than the server keeps it.
      if (aborts) expect(outcome).toBeUndefined();
      await heal(names, (one) => one.run());
      const found = [...(await effects(names))].filter(([name]) => !name.startsWith('undo '));
      expect({ skip, command, fault, found: found.sort() }).toEqual({
        skip,
        command,
        fault,
        found: ONCE.toSorted(),
      });
      await close();
    }
  }, 300_000);

  test('of an undo: the next one completes it, and nothing is undone twice or left', async () => {
    const sent: string[] = [];
    const clean = await databases();
    await (await instance(clean)).run();
    await undoAll(await instance(clean, sent));
    for (const [skip, command] of sent.entries()) {
      if (skip % 4 !== 0) continue;
      const names = await databases();
      await heal(names, (one) => one.run());
      const fault = FAULTS[(skip / 4) % FAULTS.length] ?? CUTS;
      await failing(names, fault, skip, undoAll);
      await heal(names, undoAll);
      const found = [...(await effects(names))].sort();
      const expected = [...ONCE, ...IDS.map((id) => [`undo ${id}`, 1])].sort();
      expect({ skip, command, fault, found }).toEqual({ skip, command, fault, found: expected });
      await close();
    }
  }, 300_000);
});
