import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { ForeignTransaction } from '../driver/driver.js';
import { unendedTransactions } from './unended-transactions.js';

/** A transaction that a change leaves open, on a connection that takes its time to say so. */
function slowToAnswer(): ForeignTransaction & { begun: boolean; asked: number } {
  return {
    begun: false,
    asked: 0,
    async isOpen() {
      this.asked += 1;
      await sleep(100);
      return this.begun;
    },
    async rollBack() {
      this.begun = false;
      return Promise.resolve();
    },
  };
}

test('the patience counts the time that the connection takes to answer', async () => {
  const transaction = slowToAnswer();
  const observed = await unendedTransactions(transaction).observe(async () => {
    transaction.begun = true;
    return Promise.resolve();
  });
  expect(observed).toMatchObject({ outcome: 'threw', error: { code: 'FLG_TRANSACTION_BROKEN' } });
  expect(transaction.begun).toBe(false);
  // Of the fifty pauses of the patience only those are left that the answers have not used up.
  expect(transaction.asked).toBeLessThan(20);
});
