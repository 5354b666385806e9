import assert from 'node:assert/strict';
import type { BoundClients } from '@flamingock/core/spi';
import type { ContractCase } from '../contract-case.js';
import { provided } from '../provided.js';
import { same } from '../same.js';
import type { TargetHarness } from './harness.js';
import { run, transactionsOf } from './target-actions.js';
import { targetCase, targetCaseWith } from './target-case.js';

/** What a change is given. */
export const clientCases: readonly ContractCase<TargetHarness>[] = [
  targetCase(
    'the client has a bound form for transactions and a plain one outside of them',
    async (database) => {
      const target = await database.target();
      assert.equal(transactionsOf(target).binds(database.client), true);
      assert.equal(transactionsOf(target).binds('a token of somebody else'), false);
      assert.equal(target.supplies(database.client), true);
      assert.equal(target.supplies('a token of somebody else'), false);
      await database.write({ client: (token) => target.client(token) }, 'plain');
      same(await database.rawValues(), ['plain']);
    },
  ),

  targetCase('what a change writes is seen by nobody else before the commit', async (database) => {
    const target = await database.target();
    const outcome = await run(target, async (clients) => {
      await database.write(clients, 'a');
      same(await database.rawValues(), []);
    });
    same(outcome, { status: 'committed' });
    same(await database.rawValues(), ['a']);
  }),

  targetCaseWith(
    ['plainClients'],
    'a client without a bound form is for changes outside of transactions alone',
    async (database) => {
      const target = await database.target();
      const plain = provided('plainClients', database.plainClient);
      assert.equal(target.supplies(plain), true);
      assert.ok(target.client(plain) !== undefined);
      assert.equal(transactionsOf(target).binds(plain), false);
    },
  ),

  targetCase('a client of a transaction that has ended writes nothing more', async (database) => {
    const target = await database.target();
    for (const fails of [false, true]) {
      let kept: BoundClients | undefined;
      await run(target, async (clients) => {
        kept = { client: keep(clients.client(database.client)) };
        if (fails) throw new Error('the change failed');
        return Promise.resolve();
      });
      const late = kept;
      assert.ok(late !== undefined);
      await assert.rejects(async () => database.write(late, 'too late'));
    }
    same(await database.rawValues(), []);
  }),
];

function keep(client: unknown): BoundClients['client'] {
  return () => client;
}
