import { expect, test } from '@jest/globals';
import { type FailedSending, repeatDelay } from './repeat.js';

const NOW = Date.parse('2030-01-01T00:00:00Z');
/** A POST that got no answer. */
const LOST: FailedSending = {
  safe: false,
  keyed: false,
  status: undefined,
  retryAfter: null,
  notSent: false,
  rejected: false,
};
const delay = (parts: Partial<FailedSending>, sent = 1): number | undefined =>
  repeatDelay({ ...LOST, ...parts }, sent, NOW);

test.each<readonly [string, Partial<FailedSending>]>([
  ['a write whose answer was lost', {}],
  ['a write that was answered with 503, which a proxy may have sent', { status: 503 }],
  ['one that says when to come again, and is not declared', { status: 503, retryAfter: '1' }],
  ['one that is declared, and does not say when', { status: 503, rejected: true }],
  ['one that is to come again in an hour', { status: 503, rejected: true, retryAfter: '3600' }],
  ['one that is to come again at no time', { status: 429, rejected: true, retryAfter: 'soon' }],
  ['a 502 that says when to come again', { status: 502, rejected: true, retryAfter: '1' }],
  ['a refusal', { status: 422, rejected: true, keyed: true, safe: true }],
  ['an error of the system', { status: 500, keyed: true, safe: true }],
])('is not repeated: %s', (_what, failed) => {
  expect(delay(failed)).toBeUndefined();
});

test.each<readonly [string, Partial<FailedSending>, number]>([
  ['what was not sent', { notSent: true }, 100],
  ['a read whose answer was lost', { safe: true }, 100],
  ['a read that a proxy has answered', { safe: true, status: 504 }, 100],
  ['what the system executes once', { keyed: true }, 100],
  ['429, declared, in 2 s', { status: 429, rejected: true, retryAfter: '2' }, 2000],
  ['503, declared, at once', { status: 503, rejected: true, retryAfter: '0' }, 0],
  [
    '503, declared, at a time',
    { status: 503, rejected: true, retryAfter: 'Tue, 01 Jan 2030 00:00:03 GMT' },
    3000,
  ],
])('is repeated: %s', (_what, failed, expected) => {
  expect(delay(failed)).toBe(expected);
});

test('each pause is longer than the one before, up to the longest', () => {
  expect([1, 2, 3, 4, 5, 1000].map((sent) => delay({ notSent: true }, sent))).toEqual([
    100, 400, 1600, 6400, 10_000, 10_000,
  ]);
  expect(delay({ safe: true, status: 503 }, 5)).toBe(10_000);
});
