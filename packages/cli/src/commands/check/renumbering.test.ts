import { expect, test } from '@jest/globals';
import type { Change } from '@flamingock/core/desk';
import { renumberings } from './renumbering.js';

function moved(fresh: readonly string[], fixed: readonly string[], outOfOrder = false): readonly string[] {
  const changes = fresh.map((order) => ({ order }) as Change);
  return renumberings(changes, fixed, outOfOrder).map(({ change, order }) => `${change.order} -> ${order}`);
}

test('what stands above everything keeps its place, also with a gap', () => {
  expect(moved(['44', '50'], ['42', '43'])).toEqual([]);
  expect(moved(['1'], [])).toEqual([]);
});

test('what collides goes above everything, and what follows it stays behind it', () => {
  expect(moved(['43', '44', '47'], ['42', '43'])).toEqual(['43 -> 44', '44 -> 45']);
  expect(moved(['43', '43'], ['42'])).toEqual(['43 -> 44']);
});

test('what stands below goes above everything, unless changes may run out of order', () => {
  expect(moved(['20260101120000'], ['20260102120000'])).toEqual(['20260101120000 -> 20260102120001']);
  expect(moved(['20260101120000'], ['20260102120000'], true)).toEqual([]);
  expect(moved(['43', '45'], ['43', '46'], true)).toEqual(['43 -> 47']);
});
