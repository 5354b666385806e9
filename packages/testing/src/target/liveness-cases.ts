import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContractCase } from '../contract-case.js';
import { same } from '../same.js';
import type { TargetHarness } from './harness.js';
import { IDLE_MS, overlapping, overtaken, stopped } from './slow-processes.js';
import { KEY, run } from './target-actions.js';
import { targetCase, targetCaseWith } from './target-case.js';

/** Transactions of processes that are slow, or stopped. */
export const livenessCases: readonly ContractCase<TargetHarness>[] = [
  targetCase(
    'a claim waits for the open transaction of an older run, and finds what it has applied',
    async (database) => {
      const { outcome, answer } = await overtaken(database, 60_000);
      same(outcome, { status: 'committed' });
      same(answer, { status: 'claimed', applied: 9, begun: 9 });
      same(await database.rawValues(), ['begins', 'ends']);
      same(await database.rawFence(KEY), { environment: 'production', claimed: 8, begun: 9, applied: 9 });
    },
  ),

  targetCaseWith(
    ['endsHolders'],
    'a claim that was kept waiting for long enough ends the transaction of the older run',
    async (database) => {
      const { outcome, answer } = await overtaken(database, 0);
      assert.equal(outcome.status, 'rolled-back');
      same(answer, { status: 'claimed', applied: 0, begun: 0 });
      same(await database.rawValues(), []);
      same(await database.rawFence(KEY), { environment: 'production', claimed: 8, begun: 0, applied: 0 });
    },
  ),

  targetCaseWith(
    ['concurrentTransactions'],
    'the transaction of one change does not keep another one waiting',
    async (database) => {
      assert.equal(await overlapping(database), true);
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
    ['idleTimeout'],
    'the transaction of a process that is stopped is ended, and leaves nothing',
    async (database) => {
      same([(await stopped(database)).status, await database.rawValues()], ['rolled-back', []]);
    },
  ),
];
