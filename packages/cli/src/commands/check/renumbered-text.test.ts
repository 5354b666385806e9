import { expect, test } from '@jest/globals';
import type { Change } from '@flamingock/core/desk';
import { renumberedText } from './renumbered-text.js';

const ADD_TOTAL = { id: 'add-total', order: '43', name: 'AddTotal' } as Change;

test('a class is renamed, with as many digits, and its id stays', () => {
  const text = `
@Change({ id: 'add-total', order: 43 })
export class _0043__AddTotal {
  readonly sql = './_0043__AddTotal.sql';
  readonly others = [430, '_0043__AddTotals', my_0043__AddTotal, border];
}`;
  expect(renumberedText(text, ADD_TOTAL, '44')).toEqual({
    id: 'add-total',
    text: `
@Change({ id: 'add-total', order: 44 })
export class _0044__AddTotal {
  readonly sql = './_0044__AddTotal.sql';
  readonly others = [430, '_0043__AddTotals', my_0043__AddTotal, border];
}`,
  });
});

test('a definition says the new order wherever it says one, also in an id that begins with it', () => {
  const text = `export default defineChange({ id: '0043-add-total', name: '_43__AddTotal', order: '0043' });`;
  expect(renumberedText(text, { ...ADD_TOTAL, id: '0043-add-total' }, '44')).toEqual({
    id: '0044-add-total',
    text: `export default defineChange({ id: '0044-add-total', name: '_44__AddTotal', order: '0044' });`,
  });
  const stamped = { ...ADD_TOTAL, order: '20260101', id: '20260101' };
  expect(renumberedText(`{ order: 20260101n, id: "20260101" }`, stamped, '20260103').text).toBe(
    `{ order: 20260103n, id: "20260103" }`,
  );
});
