import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BoundClients, FenceKey, TransactionOutcome } from '@flamingock/core/spi';
import type { ContractCase } from '../contract-case.js';
import { same } from '../same.js';
import type { TargetDatabase, TargetHarness } from './harness.js';
import { IDLE_MS } from './slow-processes.js';
import { KEY, run } from './target-actions.js';
import { targetCaseWith } from './target-case.js';

/** Transactions that are shared with the ledger: they write no fence row, and exclude each other instead. */
export const sharedCases: readonly ContractCase<TargetHarness>[] = [
  targetCaseWith(
    ['sharedTransactions'],
    'of the shared transactions of one ledger one is open at a time',
    async (database) => {
      let others = 0;
      const { first, second } = await nested(database, KEY, async (_clients, begun) => {
        for (let round = 0; round < 30 && !begun(); round += 1) await sleep(10);
        others += begun() ? 1 : 0;
      });
      assert.equal(others, 0, 'another one has begun meanwhile');
      same([first, second], [{ status: 'committed' }, { status: 'committed' }]);
      same(await database.rawValues(), ['first', 'second']);
    },
  ),

  targetCaseWith(
    ['sharedTransactions', 'concurrentTransactions'],
    'the shared transactions of two ledgers do not keep each other waiting',
    async (database) => {
      let overlap = false;
      await nested(database, { ...KEY, tenant: 'acme' }, async (_clients, begun) => {
        for (let round = 0; round < 100 && !begun(); round += 1) await sleep(10);
        overlap = begun();
      });
      assert.ok(overlap);
    },
  ),

  targetCaseWith(
    ['sharedTransactions', 'endsHolders'],
    'a shared transaction that has kept the next one waiting for long enough is ended',
    async (database) => {
      const { first, second } = await nested(
        database,
        KEY,
        async (clients, begun, over) => {
          while (!begun() && !over()) await sleep(10);
          await database.write(clients, 'late');
        },
        IDLE_MS,
      );
      assert.equal(first.status, 'rolled-back');
      same(second, { status: 'committed' });
      same(await database.rawValues(), ['second']);
    },
  ),
];

interface Nested {
  readonly first: TransactionOutcome;
  readonly second: TransactionOutcome;
}

/** Asks for a second shared transaction while a first one is open and does some work. */
async function nested(
  database: TargetDatabase,
  key: FenceKey,
  meanwhile: (clients: BoundClients, begun: () => boolean, over: () => boolean) => Promise<void>,
  idleTimeoutMs = 60_000,
): Promise<Nested> {
  const [holder, other] = [await database.target(), await database.target()];
  let begun = false;
  let second: Promise<TransactionOutcome> | undefined;
  const first = await run(
    holder,
    async (clients) => {
      await database.write(clients, 'first');
      second = run(
        other,
        async (bound) => {
          begun = true;
          await database.write(bound, 'second');
        },
        { key, shared: { token: 1 }, idleTimeoutMs },
      );
      let over = false;
      const end = (): void => {
        over = true;
      };
      second.then(end, end);
      await meanwhile(
        clients,
        () => begun,
        () => over,
      );
    },
    { shared: { token: 1 } },
  );
  assert.ok(second !== undefined);
  return { first, second: await second };
}
