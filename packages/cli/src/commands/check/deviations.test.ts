import { expect, test } from '@jest/globals';
import type { Change } from '@flamingock/core/desk';
import { deviations } from './deviations.js';

function declared(order: string, id: string, revision?: string): Change {
  return { order, id, name: id, revision, source: `changes/_${order}__${id}.ts` } as Change;
}

const LOCKED = [
  { order: '1', id: 'a', revision: undefined },
  { order: '2', id: 'b', revision: '1' },
  { order: '4', id: 'c', revision: undefined },
];
const SAME = [declared('1', 'a'), declared('2', 'b', '1'), declared('4', 'c')];

function codes(changes: readonly Change[], outOfOrder = false): readonly string[] {
  return deviations(changes, LOCKED, outOfOrder).map(({ problem }) => problem.code);
}

test('a sequence that is as the file has it deviates in nothing', () => {
  expect(codes(SAME)).toEqual([]);
});

test.each([
  ['a new change', [...SAME, declared('5', 'd')], ['FLG_CHANGE_UNLOCKED']],
  ['one that is gone', SAME.slice(1), ['FLG_CHANGE_GONE']],
  ['another id in its place', [declared('1', 'x'), ...SAME.slice(1)], ['FLG_CHANGE_RENAMED']],
  ['another place', [...SAME.slice(1), declared('9', 'a')], ['FLG_CHANGE_REORDERED']],
  [
    'another revision',
    [declared('1', 'a'), declared('2', 'b', '2'), declared('4', 'c')],
    ['FLG_CHANGE_REVISED'],
  ],
  ['a new one below', [...SAME, declared('3', 'd')], ['FLG_CHANGE_BELOW_LOCKED']],
  [
    'several at once',
    [declared('1', 'a', '1'), declared('4', 'c'), declared('7', 'd')],
    ['FLG_CHANGE_REVISED', 'FLG_CHANGE_GONE', 'FLG_CHANGE_UNLOCKED'],
  ],
])('%s is told with a code of its own', (_, changes, expected) => {
  expect(codes(changes)).toEqual(expected);
});

test('where changes may run out of order, a new one below is only new', () => {
  expect(codes([...SAME, declared('3', 'd')], true)).toEqual(['FLG_CHANGE_UNLOCKED']);
});
