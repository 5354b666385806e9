import assert from 'node:assert/strict';
import type { ContractCase } from '../contract-case.js';
import { assertCode, assertUnknown, failureOf } from '../failure.js';
import { provided } from '../provided.js';
import { same } from '../same.js';
import type { TargetHarness } from './harness.js';
import { assertUsable, claim, claimed, KEY, run, transactionsOf } from './target-actions.js';
import { targetCase, targetCaseWith } from './target-case.js';

/** What a target says when it cannot do what it was asked. */
export const failureCases: readonly ContractCase<TargetHarness>[] = [
  targetCase('what another transaction holds up for the moment is busy, or waits', async (database) => {
    const [older, later] = [transactionsOf(await database.target()), await database.target()];
    const fence = (await claimed(later, 7))(9);
    let claiming: Promise<unknown> | undefined;
    await older.run({
      key: KEY,
      fence,
      idleTimeoutMs: 60_000,
      async work(clients) {
        await database.write(clients, 'a');
        claiming = failureOf(transactionsOf(later).claim(KEY, 8));
        // Long enough for the target's own lock time-out; whether it has one is its own affair.
        await Promise.race([claiming, new Promise((resolve) => setTimeout(resolve, 500))]);
      },
    });
    const error = await claiming;
    if (error !== undefined) assertCode(error, 'FLG_STORE_BUSY');
    same(await claim(later, 8), { status: 'claimed', applied: 9, begun: 9 });
  }),

  targetCase('an error of the change is its own, whatever it looks like', async (database) => {
    const target = await database.target();
    for (const code of ['FLG_STORE_BUSY', '40001', '55P03', 'SQLITE_BUSY', 'ECONNRESET']) {
      const error = Object.assign(new Error('from somewhere else'), { code });
      let attempts = 0;
      const outcome = await run(target, async (clients) => {
        attempts += 1;
        await database.write(clients, 'a');
        throw error;
      });
      same([outcome.status, attempts], ['rolled-back', 1]);
      assert.ok('error' in outcome && outcome.error === error);
    }
    same(await database.rawValues(), []);
    await assertUsable(database, target);
  }),

  targetCaseWith(
    ['lostReplies'],
    'a claim whose reply is lost is made again on another connection',
    async (database) => {
      const other = await database.target();
      const fence = await claimed(other, 5);
      await run(other, (clients) => database.write(clients, 'a'), { fence: fence(6) });
      const { target, loseReplies } = await provided('lostReplies', database.unreliable?.());
      await loseReplies();
      const error = await failureOf(transactionsOf(target).claim(KEY, 7));
      assertUnknown(error);
      same(await claim(other, 7), { status: 'claimed', applied: 6, begun: 6 });
      same(await database.rawFence(KEY), { environment: 'production', claimed: 7, begun: 6, applied: 6 });
    },
  ),

  targetCaseWith(
    ['lostReplies'],
    'a commit whose reply is lost is settled by claiming again on another connection',
    async (database) => {
      const other = await database.target();
      const { target, loseReplies } = await provided('lostReplies', database.unreliable?.());
      const fence = (await claimed(target, 7))(9);
      const outcome = await run(
        target,
        async (clients) => {
          await database.write(clients, 'a');
          await loseReplies();
        },
        { fence },
      );
      assert.ok(
        ['unknown', 'rolled-back'].includes(outcome.status),
        `nobody knows that it is ${outcome.status}`,
      );
      const answer = await claim(other, 7);
      const there = await database.rawValues();
      const committed = { status: 'claimed', applied: 9, begun: 9 };
      same(answer, there.length > 0 ? committed : { status: 'claimed', applied: 0, begun: 0 });
      if (outcome.status === 'rolled-back') same(there, [], 'what is said to be rolled back is not there');
    },
  ),

  targetCaseWith(
    ['permissions'],
    'a right that is missing is named, and nothing was written',
    async (database) => {
      await claimed(await database.target(), 7);
      const restricted = await provided('permissions', database.restricted?.());
      const error = await failureOf(transactionsOf(restricted).claim(KEY, 8));
      assertCode(error, 'FLG_TARGET_PERMISSION');
      same(await database.rawFence(KEY), { environment: 'production', claimed: 7, begun: 0, applied: 0 });
    },
  ),

  ...(['lockTimeoutMs', 'statementTimeoutMs'] as const).map((timeout) =>
    targetCaseWith(
      ['timeouts', 'concurrentTransactions'],
      `a statement that is held up is ended after the ${timeout} of its change`,
      async (database) => {
        const [holder, target] = [await database.target(), await database.target()];
        assert.equal(transactionsOf(target).timeouts, true);
        let sent: unknown;
        await run(holder, async (clients) => {
          await database.write(clients, 'the same');
          const outcome = await run(
            target,
            async (bound) => {
              sent = await failureOf(database.write(bound, 'the same'));
              throw sent;
            },
            { [timeout]: 100 },
          );
          assert.ok(sent !== undefined, 'the statement was ended');
          same(outcome, { status: 'rolled-back', error: sent });
        });
        same(await database.rawValues(), ['the same']);
        await assertUsable(database, target);
      },
    ),
  ),
];
