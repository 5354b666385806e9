import { expect, test } from '@jest/globals';
import { progressText } from './progress-text.js';

const running = { displayName: '_0007__Backfill', since: 0 };

test('without a report it is the elapsed time', () => {
  expect(progressText({ ...running, first: undefined, last: undefined }, 61_000)).toBe(
    '_0007__Backfill  61 s',
  );
});

test('the rate counts from the first report, so that what a resumption found done is not counted as fast', () => {
  const first = { done: 1_000_000, total: 2_000_000, at: 1000 };
  const last = { done: 1_100_000, total: 2_000_000, note: 'orders', at: 11_000 };
  expect(progressText({ ...running, first, last }, 11_000)).toBe(
    '_0007__Backfill  11 s  1100000 of 2000000 (55 %), 10000/s, 90 s left, orders',
  );
});
