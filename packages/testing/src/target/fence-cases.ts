import assert from 'node:assert/strict';
import type { BoundClients } from '@flamingock/core/spi';
import type { ContractCase } from '../contract-case.js';
import { same } from '../same.js';
import type { TargetHarness } from './harness.js';
import { assertOutcome, claim, claimed, KEY, run } from './target-actions.js';
import { statementCase, targetCase } from './target-case.js';

const RACES = 30;

/** The fence: who may still commit at the target. */
export const fenceCases: readonly ContractCase<TargetHarness>[] = [
  targetCase('the first claim finds that nothing was applied', async (database) => {
    same(await claim(await database.target(), 7), { status: 'claimed', applied: 0, begun: 0 });
    same(await database.rawFence(KEY), { environment: 'production', claimed: 7, begun: 0, applied: 0 });
  }),

  targetCase('a claim finds what was applied last, and keeps it', async (database) => {
    const target = await database.target();
    const fence = await claimed(target, 7);
    await run(target, async () => Promise.resolve(), { fence: fence(9) });
    same(await database.rawFence(KEY), { environment: 'production', claimed: 7, begun: 9, applied: 9 });
    for (const token of [7, 8]) {
      same(await claim(await database.target(), token), { status: 'claimed', applied: 9, begun: 9 });
      same(await database.rawFence(KEY), {
        environment: 'production',
        claimed: token,
        begun: 9,
        applied: 9,
      });
    }
  }),

  targetCase('a run that is older than the last claim is superseded', async (database) => {
    const [first, second] = [await database.target(), await database.target()];
    await claimed(second, 8);
    same(await claim(first, 7), { status: 'superseded', claimed: 8 });
    same(await database.rawFence(KEY), { environment: 'production', claimed: 8, begun: 0, applied: 0 });
  }),

  targetCase(
    'a target of another environment of the service is refused and left as it is',
    async (database) => {
      const target = await database.target();
      await claimed(target, 7);
      for (const environment of ['staging', 'Production', 'production ']) {
        same(await claim(target, 99, { ...KEY, environment }), {
          status: 'foreign',
          environment: 'production',
        });
      }
      same(await database.rawFence(KEY), { environment: 'production', claimed: 7, begun: 0, applied: 0 });
    },
  ),

  targetCase(
    'a claim that expects more than the fence shows is refused and left as it is',
    async (database) => {
      const target = await database.target();
      same(
        await claim(target, 20, KEY, { expected: 9 }),
        { status: 'behind', applied: 0 },
        'there is no fence yet',
      );
      assert.equal(await database.rawFence(KEY), undefined);
      const fence = await claimed(target, 7);
      await run(target, async () => Promise.resolve(), { fence: fence(9) });
      same(await claim(target, 20, KEY, { expected: 11 }), { status: 'behind', applied: 9 });
      same(await database.rawFence(KEY), { environment: 'production', claimed: 7, begun: 9, applied: 9 });
      same(await claim(target, 20, KEY, { expected: 9 }), { status: 'claimed', applied: 9, begun: 9 });
    },
  ),

  targetCase('each service and tenant has a fence of its own', async (database) => {
    const target = await database.target();
    const keys = [KEY, { ...KEY, service: 'Orders' }, { ...KEY, tenant: 'acme' }, { ...KEY, tenant: 'Acme' }];
    for (const [index, key] of keys.entries()) await claimed(target, index + 1, key);
    for (const [index, key] of keys.entries()) {
      assert.equal((await database.rawFence(key))?.claimed, index + 1, JSON.stringify(key));
    }
  }),

  targetCase('of two runs that claim at once the later one holds the fence', async (database) => {
    const [first, second] = [await database.target(), await database.target()];
    for (let round = 1; round <= RACES; round += 1) {
      const [older, later] = await Promise.all([claim(first, 2 * round), claim(second, 2 * round + 1)]);
      assert.equal(later.status, 'claimed');
      assert.ok(older.status === 'claimed' || older.status === 'superseded');
      assert.equal((await database.rawFence(KEY))?.claimed, 2 * round + 1);
    }
  }),

  targetCase('a transaction of a superseded run is fenced off', async (database) => {
    const [first, second] = [await database.target(), await database.target()];
    const fence = await claimed(first, 7);
    await claimed(second, 8);
    let worked = false;
    const outcome = await run(
      first,
      async (clients) => {
        worked = true;
        await database.write(clients, 'too late');
      },
      { fence: fence(9) },
    );
    same(outcome, { status: 'fenced' });
    assert.equal(worked, false, 'the change is not even begun');
    same(await database.rawValues(), []);
    same(await database.rawFence(KEY), { environment: 'production', claimed: 8, begun: 0, applied: 0 });
  }),

  targetCase(
    'a transaction under the fence of another environment or service is fenced off',
    async (database) => {
      const target = await database.target();
      await claimed(target, 7);
      for (const key of [
        { ...KEY, environment: 'staging' },
        { ...KEY, service: 'billing' },
      ]) {
        const fence = { claimed: 7, sequence: 9 };
        const outcome = await run(target, (clients) => database.write(clients, 'foreign'), { key, fence });
        same(outcome, { status: 'fenced' });
      }
      same(await database.rawValues(), []);
      assert.equal((await database.rawFence(KEY))?.applied, 0);
    },
  ),

  targetCase(
    'the targets of one run in one database share its claim, and lose it together',
    async (database) => {
      const [first, second] = [await database.target(), await database.target()];
      const fence = await claimed(first, 7);
      same(await claim(second, 7), { status: 'claimed', applied: 0, begun: 0 });
      for (const [sequence, target] of [first, second, first].entries()) {
        const write = (clients: BoundClients): Promise<void> => database.write(clients, `${sequence}`);
        same(await run(target, write, { fence: fence(8 + sequence) }), { status: 'committed' });
      }
      same(await claim(second, 7), { status: 'claimed', applied: 10, begun: 10 });
      await claimed(await database.target(), 20);
      for (const target of [first, second]) {
        const late = run(target, (clients) => database.write(clients, 'late'), { fence: fence(11) });
        same(await late, { status: 'fenced' });
      }
      same(await database.rawValues(), ['0', '1', '2']);
    },
  ),

  statementCase(
    'a change that commits by itself has begun, and is not applied',
    async (database, statements) => {
      const target = await database.target();
      const fence = await claimed(target, 7);
      await run(target, (clients) => database.write(clients, 'a'), { fence: fence(9) });
      const outcome = await run(
        target,
        async (clients) => {
          await database.write(clients, 'b');
          await statements.end(clients, 'COMMIT');
        },
        { fence: fence(11) },
      );
      assertOutcome(outcome, 'broken', 'FLG_TRANSACTION_BROKEN');
      same(await claim(await database.target(), 20), { status: 'claimed', applied: 9, begun: 11 });
      same(await database.rawValues(), ['a', 'b']);
    },
  ),

  statementCase('a change that rolls back by itself has not even begun', async (database, statements) => {
    const target = await database.target();
    const fence = (await claimed(target, 7))(9);
    const outcome = await run(target, (clients) => statements.end(clients, 'ROLLBACK'), { fence });
    assertOutcome(outcome, 'broken', 'FLG_TRANSACTION_BROKEN');
    same(await claim(await database.target(), 20), { status: 'claimed', applied: 0, begun: 0 });
  }),

  targetCase('a transaction without a fence leaves the fence as it is', async (database) => {
    const target = await database.target();
    const fence = await claimed(target, 7);
    await run(target, (clients) => database.write(clients, 'a'), { fence: fence(9) });
    same(await run(target, (clients) => database.write(clients, 'b'), { shared: { token: 1 } }), {
      status: 'committed',
    });
    same(await database.rawFence(KEY), { environment: 'production', claimed: 7, begun: 9, applied: 9 });
  }),

  targetCase('a target that was restored from a backup says what it holds now', async (database) => {
    const target = await database.target();
    const fence = await claimed(target, 7);
    await run(target, (clients) => database.write(clients, 'a'), { fence: fence(9) });
    await database.restoreFence(KEY, { environment: 'production', claimed: 3, begun: 5, applied: 4 });
    same(await run(target, async () => Promise.resolve(), { fence: fence(11) }), { status: 'fenced' });
    same(await claim(target, 8), { status: 'claimed', applied: 4, begun: 5 });
    await database.restoreFence(KEY, { environment: 'production', claimed: 50, begun: 51, applied: 51 });
    same(await claim(target, 12), { status: 'superseded', claimed: 50 });
    same(await database.rawFence(KEY), { environment: 'production', claimed: 50, begun: 51, applied: 51 });
    await database.restoreFence(KEY, undefined);
    same(await run(target, async () => Promise.resolve(), { fence: fence(13) }), { status: 'fenced' });
    same(await claim(target, 14), { status: 'claimed', applied: 0, begun: 0 });
  }),
];
