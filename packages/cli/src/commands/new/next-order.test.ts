import { expect, test } from '@jest/globals';
import type { ChangeSourceFile } from '../../sources/change-files.js';
import { nextDigits } from './next-order.js';

const NOW = new Date('2026-03-04T05:06:07.890Z');

function files(...digits: readonly string[]): readonly ChangeSourceFile[] {
  return digits.map((text) => ({
    ...{ path: '', name: '', extension: '.ts', text: '' },
    digits: text,
    order: BigInt(text),
  }));
}

test.each([
  [[], '0001'],
  [['0001', '0041'], '0042'],
  [['7'], '8'],
  [['9'], '10'],
  [['099'], '100'],
  [['20250101'], '20260304'],
  [['202501010000'], '202603040506'],
  [['20250101000000'], '20260304050607'],
  [['20250101000000123'], '20260304050607890'],
  // The clock of whoever wrote the last one was ahead.
  [['20991231000000'], '20991231000001'],
  [['20260304050607'], '20260304050608'],
  // A number that only looks like a year.
  [['20259999'], '20260000'],
])('behind %j comes %s', (there, next) => {
  expect(nextDigits(files(...there), undefined, NOW)).toBe(next);
});

test('what is said counts for more than what is there, and nothing comes below it', () => {
  expect(nextDigits(files('0041'), 'timestamp', NOW)).toBe('20260304050607');
  expect(nextDigits(files('20250101000000'), 'number', NOW)).toBe('20250101000001');
  expect(nextDigits(files('99999999999999999999'), 'timestamp', NOW)).toBe('100000000000000000000');
});
