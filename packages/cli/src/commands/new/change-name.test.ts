import { expect, test } from '@jest/globals';
import { nameWords } from './change-name.js';

test.each([
  ['AddPaymentMethodColumn', ['add', 'payment', 'method', 'column']],
  ['RegisterOrderEventV2', ['register', 'order', 'event', 'v2']],
  ['add-totals', ['add', 'totals']],
  ['add_HTTPGateway', ['add', 'http', 'gateway']],
])('%s has its words', (typed, words) => {
  expect(nameWords(typed)).toEqual(words);
});

test.each([
  ['_0005__AddTotals', 'flamingock new AddTotals'],
  ['add totals', 'flamingock new AddTotals'],
  ['../AddTotals.ts', 'flamingock new AddTotals'],
  ['2fast', 'flamingock new Fast'],
  ['ändern', 'flamingock new Andern'],
  ['', 'flamingock new AddPaymentMethodColumn'],
  ['🦩', 'flamingock new AddPaymentMethodColumn'],
])("'%s' is refused with a way out", (typed, hint) => {
  expect(() => nameWords(typed)).toThrow(new RegExp(`FLG_USAGE[^]*-> For example: ${hint}$`));
});

test('what no file can be called is refused', () => {
  expect(nameWords('A'.repeat(100))).toHaveLength(1);
  expect(() => nameWords('A'.repeat(101))).toThrow(/101 characters/);
});
