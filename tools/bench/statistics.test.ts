import { expect, test } from '@jest/globals';
import { median, perChange, quartiles, rounded } from './statistics.mjs';

test('the median is the value in the middle, or between the two in the middle, in any order', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([9, 1, 5, 7])).toBe(6);
  expect(median([4])).toBe(4);
});

test('half of the values lie between the quartiles, in any order', () => {
  expect(quartiles([9, 1, 5, 3, 7])).toEqual([3, 7]);
  expect(quartiles([4])).toEqual([4, 4]);
});

test('numbers keep three digits that count', () => {
  expect([1234.5, 0.012345, 12].map(rounded)).toEqual([1230, 0.0123, 12]);
});

test('what grows with the number of changes is told from what does not', () => {
  expect(perChange([10, 45], [60, 245])).toEqual({ perChange: 4, perRun: 5 });
});
