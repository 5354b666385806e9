import { expect, test } from '@jest/globals';
import { table } from './table.js';

test('columns are as wide as their widest cell; colours take no room, and wide characters take two places', () => {
  const rows = [
    ['\u001B[32m✔ applied\u001B[39m', 'orders', '5 s'],
    ['…', '注文', ''],
  ];
  expect(table(rows, ['', 'change', 'when']).split('\n')).toEqual([
    '           change  when',
    '\u001B[32m✔ applied\u001B[39m  orders  5 s',
    '…          注文',
  ]);
});

test('ten thousand rows take no time to speak of', () => {
  const rows = Array.from({ length: 10_000 }, (_, row) => Array.from({ length: 9 }, () => `cell ${row}`));
  expect(table(rows).split('\n')).toHaveLength(10_000);
}, 2000);
