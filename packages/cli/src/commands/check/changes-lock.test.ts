import { expect, test } from '@jest/globals';
import { type LockedChange, readLock, writtenLock } from './changes-lock.js';

const CHANGES: readonly LockedChange[] = [
  { order: '2', id: 'add "total" to orders', revision: 'second try' },
  { order: '1', id: 'create-orders', revision: undefined },
  { order: '20260131120000', id: 'späte#änderung', revision: '2' },
];

test('what is written is read back, in its order, whatever an id looks like', () => {
  const text = writtenLock(CHANGES);
  expect(text.split('\n').slice(-4)).toEqual([
    '0001 create-orders',
    '0002 "add \\"total\\" to orders" revision="second try"',
    '20260131120000 "späte#änderung" revision=2',
    '',
  ]);
  expect(readLock(text)).toEqual({ state: 'read', changes: [CHANGES[1], CHANGES[0], CHANGES[2]] });
  expect(writtenLock([...CHANGES].reverse())).toBe(text);
});

test('a checkout with other line ends says the same', () => {
  expect(readLock(writtenLock(CHANGES).replaceAll('\n', '\r\n'))).toMatchObject({ state: 'read' });
});

test('an open conflict of Git is known, in each of its styles', () => {
  const conflict = '0001 a\n<<<<<<< HEAD\n0002 b\n||||||| 1234567\n=======\n0002 c\n>>>>>>> main\n';
  expect(readLock(conflict)).toEqual({ state: 'conflict' });
  expect(readLock(conflict.replaceAll('\n', '\r\n'))).toEqual({ state: 'conflict' });
});

test.each([
  ['0001', 'line 1 is no order with an id: 0001'],
  ['# x\n0001 a b', 'line 2 is no order with an id: 0001 a b'],
  ['0001 a\n1 b', 'the order 1 stands there twice'],
  ['0001 a\n0002 a', "'a' stands there twice"],
])('what cannot be meant is told: %j', (text, because) => {
  expect(readLock(text)).toEqual({ state: 'invalid', because });
});
