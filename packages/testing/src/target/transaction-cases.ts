import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BoundClients, TransactionOutcome } from '@flamingock/core/spi';
import type { ContractCase } from '../contract-case.js';
import { same } from '../same.js';
import type { TargetHarness } from './harness.js';
import { assertOutcome, assertUsable, claimed, KEY, run } from './target-actions.js';
import { savepointCase, statementCase, targetCase } from './target-case.js';

/** What becomes of a change that runs in a transaction. */
export const transactionCases: readonly ContractCase<TargetHarness>[] = [
  targetCase('a change that succeeds is committed, and the fence with it', async (database) => {
    const target = await database.target();
    const fence = (await claimed(target, 7))(9);
    const work = async (clients: BoundClients): Promise<void> => {
      await database.write(clients, 'a');
      await database.write(clients, 'b');
    };
    same(await run(target, work, { fence }), { status: 'committed' });
    same(await database.rawValues(), ['a', 'b']);
    assert.equal((await database.rawFence(KEY))?.applied, 9);
  }),

  targetCase('a change that throws is rolled back, and the fence with it', async (database) => {
    const target = await database.target();
    const fence = (await claimed(target, 7))(9);
    const error = new Error('the change failed');
    const work = async (clients: BoundClients): Promise<void> => {
      await database.write(clients, 'a');
      throw error;
    };
    same(await run(target, work, { fence }), { status: 'rolled-back', error });
    same(await database.rawValues(), []);
    same(await database.rawFence(KEY), { environment: 'production', claimed: 7, begun: 0, applied: 0 });
    await assertUsable(database, target);
  }),

  targetCase(
    'the last statements come after the change, and what they throw rolls it back',
    async (database) => {
      const target = await database.target();
      const order: string[] = [];
      const error = new Error('the ledger refused');
      const work = async (clients: BoundClients): Promise<void> => {
        await database.write(clients, 'a');
        order.push('change');
      };
      const beforeCommit = async (connection: unknown): Promise<void> => {
        assert.ok(connection !== undefined, 'the store gets the connection of the transaction');
        order.push('last statements');
        return Promise.reject(error);
      };
      same(await run(target, work, { beforeCommit }), { status: 'rolled-back', error });
      same(order, ['change', 'last statements']);
      same(await database.rawValues(), []);
      await assertUsable(database, target);
    },
  ),

  targetCase('after a change that failed the last statements are not sent', async (database) => {
    const target = await database.target();
    const beforeCommit = (): Promise<void> => assert.fail('must not be called');
    const error = new Error('the change failed');
    const outcome = await run(target, () => Promise.reject(error), { beforeCommit });
    same(outcome, { status: 'rolled-back', error });
  }),

  targetCase('two changes at once on one target are not mixed up', async (database) => {
    const target = await database.target();
    const change = (value: string, fails: boolean): Promise<TransactionOutcome> =>
      run(target, async (clients) => {
        await database.write(clients, `${value} begins`);
        await sleep(30);
        await database.write(clients, `${value} ends`);
        if (fails) throw new Error('the change failed');
      });
    const outcomes = await Promise.all([
      change('first', true),
      change('second', false),
      change('third', true),
    ]);
    same(
      outcomes.map(({ status }) => status),
      ['rolled-back', 'committed', 'rolled-back'],
    );
    same(await database.rawValues(), ['second begins', 'second ends']);
  }),

  statementCase('a change that swallows a failed statement is rolled back', async (database, statements) => {
    const target = await database.target();
    const fence = (await claimed(target, 7))(9);
    const outcome = await run(
      target,
      async (clients) => {
        await database.write(clients, 'a');
        await statements.fail(clients).catch(() => undefined);
        await database.write(clients, 'b').catch(() => undefined);
      },
      { fence, beforeCommit: () => assert.fail('must not be called') },
    );
    assertOutcome(outcome, 'rolled-back', 'FLG_TRANSACTION_ABORTED');
    same(await database.rawValues(), []);
    assert.equal((await database.rawFence(KEY))?.applied, 0);
    await assertUsable(database, target);
  }),

  statementCase(
    'a change that lets the error of a statement pass is rolled back with it',
    async (database, statements) => {
      const target = await database.target();
      let error: unknown;
      const outcome = await run(target, async (clients) => {
        await database.write(clients, 'a');
        await statements.fail(clients).catch((failure: unknown) => {
          error = failure;
          throw failure;
        });
      });
      assert.ok(error !== undefined, 'the statement fails');
      same(outcome, { status: 'rolled-back', error });
      same(await database.rawValues(), []);
    },
  ),

  savepointCase(
    'a change may go back to its own savepoint after a failed statement',
    async (database, statements) => {
      const target = await database.target();
      const outcome = await run(target, async (clients) => {
        await database.write(clients, 'a');
        await statements.recover(clients, async () => {
          await database.write(clients, 'b');
          await statements.fail(clients);
        });
        await database.write(clients, 'c');
      });
      same(outcome, { status: 'committed' });
      same(await database.rawValues(), ['a', 'c']);
    },
  ),

  savepointCase(
    'a savepoint that was set after the failed statement heals nothing',
    async (database, statements) => {
      const target = await database.target();
      const outcome = await run(target, async (clients) => {
        await statements.fail(clients).catch(() => undefined);
        await statements
          .recover(clients, () => Promise.reject(new Error('back to the savepoint')))
          .catch(() => undefined);
      });
      assertOutcome(outcome, 'rolled-back', 'FLG_TRANSACTION_ABORTED');
    },
  ),

  ...(['COMMIT', 'ROLLBACK'] as const).flatMap((how) => [
    statementCase(
      `a change that sends ${how} by itself is broken, and writes nothing more`,
      async (database, statements) => {
        const target = await database.target();
        const outcome = await run(
          target,
          async (clients) => {
            await database.write(clients, 'a');
            await statements.end(clients, how);
            await database.write(clients, 'b').catch(() => undefined);
          },
          { beforeCommit: () => assert.fail('must not be called') },
        );
        assertOutcome(outcome, 'broken', 'FLG_TRANSACTION_BROKEN');
        same(await database.rawValues(), how === 'COMMIT' ? ['a'] : []);
        await assertUsable(database, target);
      },
    ),

    statementCase(
      `a change that sends ${how} by itself and then throws is broken`,
      async (database, statements) => {
        const target = await database.target();
        const outcome = await run(target, async (clients) => {
          await statements.end(clients, how);
          throw new Error('the change failed');
        });
        assertOutcome(outcome, 'broken', 'FLG_TRANSACTION_BROKEN');
        await assertUsable(database, target);
      },
    ),
  ]),
];
