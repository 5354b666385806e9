import assert from 'node:assert/strict';
import type { FenceAnswer, FenceKey, Target } from '@flamingock/core/spi';
import type { ContractCase } from '../contract-case.js';
import { patiently } from '../patiently.js';
import { provided } from '../provided.js';
import { same } from '../same.js';
import type { RawFence, TargetDatabase, TargetHarness } from './harness.js';
import { claim, KEY, run, transactionsOf } from './target-actions.js';
import { targetCase, targetCaseWith } from './target-case.js';

const STAGING: FenceKey = { ...KEY, environment: 'staging' };

/** What a claim is answered, and where the fence stands then. */
const SHOWN: Readonly<Record<FenceAnswer['status'], { readonly key: FenceKey; readonly fence: RawFence }>> = {
  claimed: { key: KEY, fence: { environment: 'production', claimed: 3, begun: 4, applied: 4 } },
  superseded: { key: KEY, fence: { environment: 'production', claimed: 50, begun: 51, applied: 51 } },
  foreign: { key: STAGING, fence: { environment: 'production', claimed: 3, begun: 4, applied: 4 } },
};

/** A person's word on a target that is not as its ledger knows it. */
export const adoptionCases: readonly ContractCase<TargetHarness>[] = [
  targetCase(
    'its fence is shown as it stands, and looking at it claims and creates nothing',
    async (database) => {
      const target = await database.target();
      if (transactionsOf(target).fence === undefined) return;
      const look = (): Promise<unknown> => transactionsOf(target).fence?.(KEY) ?? Promise.resolve();
      assert.equal(await look(), undefined);
      assert.equal(await database.rawFence(KEY), undefined);
      await claim(target, 3);
      const row = { environment: KEY.environment, claimed: 3, begun: 0, applied: 0 };
      same([await look(), await database.rawFence(KEY)], [row, row]);
      await database.restoreFence(KEY, { ...row, environment: 'staging', begun: 5, applied: 4 });
      same(await look(), { environment: 'staging', claimed: 3, begun: 5, applied: 4 });
    },
  ),
  ...Object.entries(SHOWN).flatMap(([status, { key, fence }]) => [
    targetCaseWith(
      ['adoption'],
      `a target whose claim was answered with ${status} is adopted`,
      async (database) => {
        const { target, shown } = await asked(database, key, fence);
        assert.equal(shown.status, status);
        assert.equal(await adopt(target, key, shown), true);
        const adopted = { environment: key.environment, claimed: 12, begun: 13, applied: 13 };
        same(await database.rawFence(key), adopted);
        same(await claim(target, 12, key), { status: 'claimed', applied: 13, begun: 13 });
        const write = run(target, (clients) => database.write(clients, 'a'), {
          key,
          fence: { claimed: 12, sequence: 14 },
        });
        same(await write, { status: 'committed' });
      },
    ),

    targetCaseWith(
      ['adoption'],
      `a target whose claim was answered with ${status} is not adopted once it is another one`,
      async (database) => {
        const { target, shown } = await asked(database, key, fence);
        const since = { environment: 'test', claimed: 60, begun: 61, applied: 61 };
        for (const changed of status === 'foreign'
          ? [since]
          : [since, { ...since, environment: 'production' }]) {
          await database.restoreFence(KEY, changed);
          assert.equal(await adopt(target, key, shown), false);
          same(await database.rawFence(KEY), changed);
        }
      },
    ),
  ]),
];

/** A target whose fence stands somewhere, and what it answers to a claim. */
async function asked(
  database: TargetDatabase,
  key: FenceKey,
  fence: RawFence,
): Promise<{ readonly target: Target; readonly shown: FenceAnswer }> {
  const target = await database.target();
  await claim(target, 1);
  await database.restoreFence(KEY, fence);
  const shown = await claim(target, 12, key);
  assert.ok(shown.status !== 'behind');
  return { target, shown };
}

function adopt(target: Target, key: FenceKey, shown: FenceAnswer): Promise<boolean> {
  const transactions = transactionsOf(target);
  return patiently(() =>
    provided('adoption', transactions.adopt?.(key, { claimed: 12, sequence: 13 }, shown)),
  );
}
