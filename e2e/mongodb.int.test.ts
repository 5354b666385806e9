import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { mongodbAuditStore } from '@flamingock/mongodb';
import { type Db, type Document, MongoClient } from 'mongodb';
import { describeWith } from '../tools/services/describe-with.mjs';
import { type Mongodb, ownMongodb, startMongodb } from '../tools/services/mongodb.mjs';
import type { Child } from './harness/child.mjs';
import { outcomeOf } from './harness/holding-service.js';
import { outcomesIn } from './harness/ledger.js';
import { Sandbox } from './harness/sandbox.mjs';

const FIXTURE = fileURLToPath(new URL('fixtures/holding-mongodb-changes.mjs', import.meta.url));
const ALL = ['first', 'second', 'third'];
const PATIENCE = 90_000;

const describeWithMongodb = await describeWith(ownMongodb);

describeWithMongodb('Real processes on MongoDB', () => {
  let server: Mongodb;
  beforeAll(async () => {
    // When it ends the transaction of a process that is not there any more: the default is a minute.
    server = await startMongodb({ exclusive: true, transactionSeconds: 4 });
  });
  afterAll(() => server.stop());

  describe.each(['TX_SHARED', 'TX_SEPARATE'])('%s', (strategy) => {
    let sandbox: Sandbox;
    let urls: { readonly audit: string; readonly orders: string };
    let audit: Db;
    let orders: Db;

    beforeEach(async () => {
      sandbox = await Sandbox.open();
      const { url } = server.createDatabase();
      urls = { audit: url, orders: strategy === 'TX_SHARED' ? url : server.createDatabase().url };
      [audit, orders] = [await connect(urls.audit), await connect(urls.orders)];
      await orders.createCollection('effects');
    });
    afterEach(() => sandbox.close());

    async function connect(url: string): Promise<Db> {
      const client = await new MongoClient(url).connect();
      sandbox.onClose(() => client.close());
      return client.db();
    }
    function start(holds = 'never', environment = 'test'): Child {
      return sandbox.start(
        `holding-mongodb-changes ${holds}`,
        [FIXTURE, '--holds', holds, '--environment', environment],
        {
          AUDIT_URL: urls.audit,
          ...(strategy === 'TX_SHARED' ? {} : { ORDERS_URL: urls.orders }),
          GO: sandbox.path('go'),
        },
      );
    }
    async function effects(): Promise<readonly string[]> {
      const found = await orders.collection('effects').find().sort({ at: 1 }).toArray();
      return found.map(({ name }) => String(name));
    }
    const ledger = (): Promise<readonly string[]> => outcomesIn(mongodbAuditStore(audit));

    /** All that is in the two databases, as far as it is not the lock, which everybody may take. */
    async function contents(): Promise<unknown> {
      return [await effects(), await ledger(), await all('flamingock_fence')];
    }
    const all = (name: string): Promise<Document[]> => orders.collection(name).find().toArray();

    it(
      'that start at once: one of them applies the sequence, and all come up',
      async () => {
        const outcomes = await Promise.all(Array.from({ length: 5 }, () => outcomeOf(start())));
        expect(outcomes.map(({ message }) => message)).toEqual(['', '', '', '', '']);
        expect(outcomes.flatMap(({ applied }) => applied)).toEqual(ALL);
        expect(await effects()).toEqual(ALL);
      },
      PATIENCE,
    );

    it(
      'of which one is stopped inside its change: the others go on after the lease, and it writes nothing more',
      async () => {
        const stopped = start('inside');
        await stopped.line(/^holding$/);
        stopped.signal('SIGSTOP');
        expect(await effects()).toEqual(['first']);

        const others = await Promise.all([start(), start()].map(outcomeOf));
        expect(others.map(({ message }) => message)).toEqual(['', '']);
        expect(others.flatMap(({ applied }) => applied)).toEqual(['second', 'third']);
        expect(await effects()).toEqual(ALL);

        const before = await contents();
        await writeFile(sandbox.path('go'), '');
        stopped.signal('SIGCONT');
        expect(await outcomeOf(stopped)).toMatchObject({ outcome: 'FLG_LOCK_LOST' });
        await stopped.exited;
        expect(await contents()).toEqual(before);
      },
      PATIENCE,
    );

    it.each(strategy === 'TX_SHARED' ? ['inside'] : ['inside', 'before-entry'])(
      'of which one is killed, holding %s: the next one finds out what became of its change',
      async (holds) => {
        const killed = start(holds);
        await killed.line(/^holding$/);
        killed.signal('SIGKILL');
        await killed.exited;
        expect((await outcomeOf(start())).message).toBe('');
        expect(await effects()).toEqual(ALL);
      },
      PATIENCE,
    );

    it(
      'whose server is killed in the middle of a change: nothing of it remains, and the next start completes it',
      async () => {
        const holding = start('inside');
        await holding.line(/^holding$/);
        await server.kill();
        await writeFile(sandbox.path('go'), '');
        await server.restart();
        expect((await outcomeOf(holding)).applied).not.toContain('third');
        expect((await outcomeOf(start())).message).toBe('');
        expect(await effects()).toEqual(ALL);
      },
      PATIENCE,
    );

    it(
      'on a target that was cloned, or restored from a backup, are refused, and leave it as it was',
      async () => {
        await outcomeOf(start());
        const before = await effects();
        // A clone in another environment: the ledger is new, the target is not.
        for (const name of ['ledger', 'lock']) await audit.collection(`flamingock_${name}`).deleteMany({});
        expect((await outcomeOf(start('never', 'staging'))).outcome).toBe('FLG_TARGET_ENVIRONMENT');
        expect(await effects()).toEqual(before);
        if (strategy === 'TX_SHARED') return;
        // The ledger was restored to its beginning, the target, which is another database, was not.
        expect((await outcomeOf(start())).outcome).toBe('FLG_TARGET_AHEAD');
        expect(await effects()).toEqual(before);
      },
      PATIENCE,
    );
  });
});
