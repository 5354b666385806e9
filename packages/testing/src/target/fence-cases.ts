import assert from 'node:assert/strict';
import type { ContractCase } from '../contract-case.js';
import { same } from '../same.js';
import { patiently } from '../patiently.js';
import type { TargetHarness } from './harness.js';
import { claimed, KEY, run, targetCase, transactionsOf } from './target-case.js';

const RACES = 30;

/** The fence: who may still commit at the target. */
export const fenceCases: readonly ContractCase<TargetHarness>[] = [
  targetCase('the first claim finds that nothing was applied', async (database) => {
    const { claim } = methodsOf(await database.target());
    same(await claim(KEY, 7), { status: 'claimed', applied: 0 });
    same(await database.rawFence(KEY), { environment: 'production', claimed: 7, applied: 0 });
  }),

  targetCase('a claim finds what was applied last, and keeps it', async (database) => {
    const target = await database.target();
    const fence = await claimed(target, 7);
    await run(target, async () => Promise.resolve(), { fence: fence(9) });
    same(await database.rawFence(KEY), { environment: 'production', claimed: 7, applied: 9 });
    const { claim } = methodsOf(await database.target());
    for (const token of [7, 8]) {
      same(await claim(KEY, token), { status: 'claimed', applied: 9 });
      same(await database.rawFence(KEY), {
        environment: 'production',
        claimed: token,
        applied: 9,
      });
    }
  }),

  targetCase('a run that is older than the last claim is superseded', async (database) => {
    const [first, second] = [await database.target(), await database.target()];
    await claimed(second, 8);
    same(await methodsOf(first).claim(KEY, 7), { status: 'superseded', claimed: 8 });
    same(await database.rawFence(KEY), { environment: 'production', claimed: 8, applied: 0 });
  }),

  targetCase(
    'a target of another environment of the service is refused and left as it is',
    async (database) => {
      const target = await database.target();
      await claimed(target, 7);
      const { claim } = methodsOf(target);
      for (const environment of ['staging', 'Production', 'production ']) {
        const answer = await claim({ ...KEY, environment }, 99);
        same(answer, { status: 'foreign', environment: 'production' });
      }
      same(await database.rawFence(KEY), { environment: 'production', claimed: 7, applied: 0 });
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
    const [first, second] = [methodsOf(await database.target()), methodsOf(await database.target())];
    for (let round = 1; round <= RACES; round += 1) {
      const [older, later] = await Promise.all([
        first.claim(KEY, 2 * round),
        second.claim(KEY, 2 * round + 1),
      ]);
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
    same(await database.rawFence(KEY), { environment: 'production', claimed: 8, applied: 0 });
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
        const fence = { key, claimed: 7, applied: 9 };
        const outcome = await run(target, (clients) => database.write(clients, 'foreign'), { fence });
        same(outcome, { status: 'fenced' });
      }
      same(await database.rawValues(), []);
      assert.equal((await database.rawFence(KEY))?.applied, 0);
    },
  ),
];

function methodsOf(
  target: Parameters<typeof transactionsOf>[0],
): Pick<ReturnType<typeof transactionsOf>, 'claim'> {
  const transactions = transactionsOf(target);
  return { claim: (key, token) => patiently(() => transactions.claim(key, token)) };
}
