import { expect, test } from '@jest/globals';
import { allMet } from './target.mjs';
import { targetsOf } from './startup-targets.mjs';

const start = (name: string, milliseconds: number, statements = 1) => ({
  name,
  starts: 3,
  milliseconds,
  ratio: milliseconds / 3,
  statements,
  roundTrips: statements,
});
const point = (...contenders: ReturnType<typeof start>[]) => ({ applied: 10, rtt: 0, contenders });

test('a start with one statement that is faster than its peers, and hardly slower than its query, reaches everything', () => {
  expect(
    allMet(targetsOf(point(start('bare query', 2), start('ours', 3), start('full', 9), start('peer', 4)), 2)),
  ).toBe(true);
});

test.each([
  [
    'sends two statements',
    point(start('bare query', 2), start('ours', 3, 2), start('full', 9), start('peer', 4)),
  ],
  [
    'sends two in a full reading',
    point(start('bare query', 2), start('ours', 3), start('full', 9, 2), start('peer', 4)),
  ],
  [
    'is slower than a peer',
    point(start('bare query', 2), start('ours', 3), start('full', 9), start('peer', 2.9)),
  ],
  [
    'is much slower than its query',
    point(start('bare query', 1.9), start('ours', 3), start('full', 9), start('peer', 4)),
  ],
])('one that %s misses exactly one target', (_what, measured) => {
  expect(targetsOf(measured, 2).filter(({ met }) => !met)).toHaveLength(1);
});
