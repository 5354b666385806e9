import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClaimAnswer, Target, TransactionOutcome } from '@flamingock/core/spi';
import type { ContractCase } from '../contract-case.js';
import { patiently } from '../patiently.js';
import { same } from '../same.js';
import type { TargetDatabase, TargetHarness } from './harness.js';
import { claimed, KEY, run, targetCase, targetCaseWith, transactionsOf } from './target-case.js';

/** How long a transaction may say nothing, in milliseconds. */
const IDLE_MS = 400;

/** Transactions of processes that are slow, or stopped. */
export const livenessCases: readonly ContractCase<TargetHarness>[] = [
  targetCase(
    'a claim waits for the open transaction of an older run, and finds what it has applied',
    async (database) => {
      const { outcome, answer } = await overtaken(database, 60_000);
      same(outcome, { status: 'committed' });
      same(answer, { status: 'claimed', applied: 9 });
      same(await database.rawValues(), ['begins', 'ends']);
      same(await database.rawFence(KEY), { environment: 'production', claimed: 8, applied: 9 });
    },
  ),

  targetCaseWith(
    'endsHolders',
    'a claim that was kept waiting for long enough ends the transaction of the older run',
    async (database) => {
      const { outcome, answer } = await overtaken(database, 0);
      assert.equal(outcome.status, 'rolled-back');
      same(answer, { status: 'claimed', applied: 0 });
      same(await database.rawValues(), []);
      same(await database.rawFence(KEY), { environment: 'production', claimed: 8, applied: 0 });
    },
    async (database) => {
      const { outcome } = await overtaken(database, 0);
      same(outcome, { status: 'committed' });
    },
  ),

  targetCase(
    'a change that computes for longer than the time-out keeps its transaction',
    async (database) => {
      const target = await database.target();
      const outcome = await run(
        target,
        async (clients) => {
          await database.write(clients, 'a');
          await sleep(3 * IDLE_MS);
          await database.write(clients, 'b');
        },
        { idleTimeoutMs: IDLE_MS },
      );
      same(outcome, { status: 'committed' });
      same(await database.rawValues(), ['a', 'b']);
    },
  ),

  targetCaseWith(
    'idleTimeout',
    'the transaction of a process that is stopped is ended, and leaves nothing',
    async (database) => {
      same([(await stopped(database)).status, await database.rawValues()], ['rolled-back', []]);
    },
    async (database) => {
      same([(await stopped(database)).status, await database.rawValues()], ['committed', ['a', 'b']]);
    },
  ),
];

interface Overtaken {
  readonly outcome: TransactionOutcome;
  readonly answer: ClaimAnswer;
}

/** Lets a later run claim while a transaction of an older one is open, and the older one go on after a while. */
async function overtaken(database: TargetDatabase, patienceMs: number): Promise<Overtaken> {
  const [older, later]: Target[] = [await database.target(), await database.target()];
  assert.ok(older !== undefined && later !== undefined);
  const fence = (await claimed(older, 7))(9);
  let claim: Promise<ClaimAnswer> | undefined;
  const outcome = await run(
    older,
    async (clients) => {
      await database.write(clients, 'begins');
      claim = patiently(() => transactionsOf(later).claim(KEY, 8, patienceMs));
      await sleep(1_500);
      await database.write(clients, 'ends');
    },
    { fence },
  );
  assert.ok(claim !== undefined);
  return { outcome, answer: await claim };
}

/** Runs a change in which not even a timer fires for longer than the time-out. */
function stopped(database: TargetDatabase): Promise<TransactionOutcome> {
  return database.target().then((target) =>
    run(
      target,
      async (clients) => {
        await database.write(clients, 'a');
        const until = performance.now() + 3 * IDLE_MS;
        while (performance.now() < until);
        await database.write(clients, 'b');
      },
      { idleTimeoutMs: IDLE_MS },
    ),
  );
}
