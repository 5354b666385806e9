import { expect, test } from '@jest/globals';
import type { RecordedChange } from '@flamingock/core/desk';
import { compared, verdictOf } from './compared.js';

function change(
  id: string,
  sequence: number | undefined,
  told: Partial<RecordedChange> = {},
): RecordedChange {
  return {
    ...{ id, displayName: id, order: id, targetSystem: 'db', proof: 'none', version: undefined, wants: [] },
    state: sequence === undefined ? 'FAILED' : 'APPLIED',
    applied: sequence === undefined ? undefined : { at: sequence, sequence },
    ...told,
  };
}

const FOUR = ['1', '2', '3', '4'].map((id, index) => change(id, index + 1));

function told(first: readonly RecordedChange[], second: readonly RecordedChange[]): readonly string[] {
  const changes = compared(first, second);
  const unlike = changes.filter(({ finding }) => finding !== 'same');
  return [
    verdictOf(changes),
    ...unlike.map(({ id, finding, differences }) => [id, finding, ...differences].join(' ')),
  ];
}

test('the same on both sides is the same, whenever it was applied', () => {
  expect(
    told(
      FOUR,
      FOUR.map((one) => change(one.id, Number(one.id) * 10)),
    ),
  ).toEqual(['same']);
  expect(told([], [])).toEqual(['same']);
});

test('what has the beginning of the other is behind it, also where the next change has failed', () => {
  const two = FOUR.slice(0, 2);
  expect(told(FOUR, two)).toEqual(['second-behind', '3 only-first', '4 only-first']);
  expect(told([...two, change('3', undefined)], FOUR)).toEqual([
    'first-behind',
    '3 only-second',
    '4 only-second',
  ]);
});

test('what is missing in the middle, or on both sides, has parted', () => {
  expect(told(FOUR, [...FOUR.slice(0, 2), ...FOUR.slice(3)])).toEqual(['diverged', '3 only-first']);
  expect(told(FOUR.slice(0, 3), [...FOUR.slice(0, 2), change('9', 9)])).toEqual([
    'diverged',
    '3 only-first',
    '9 only-second',
  ]);
});

test('another revision, number, target or order of what is applied on both is a difference', () => {
  const changed = [
    change('1', 1, { version: '2' }),
    change('2', 2, { order: '20', targetSystem: 'other' }),
    change('3', 4),
    change('4', 3),
  ];
  expect(told(FOUR, changed)).toEqual([
    'diverged',
    '1 different version',
    '2 different order target',
    expect.stringMatching(/^[34] different position$/),
  ]);
});

test('of what was applied in another order only the fewest changes are named', () => {
  const sixth = [change('6', 1), ...FOUR.map((one) => change(one.id, Number(one.id) + 1))];
  expect(told([...FOUR, change('6', 5)], sixth)).toEqual(['diverged', '6 different position']);
});

test('what a side skips on purpose, or neither has applied, is no difference', () => {
  const skipped = change('3', undefined, { state: 'SKIPPED' });
  expect(told(FOUR.slice(0, 3), [...FOUR.slice(0, 2), skipped])).toEqual(['same', '3 restricted']);
  expect(told([change('1', undefined)], [])).toEqual(['same', '1 open']);
});
