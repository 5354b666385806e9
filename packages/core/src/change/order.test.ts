import { expect, test } from '@jest/globals';
import { compareOrder, normaliseOrder, parseChangeName } from './order.js';

test('order and name are read out of the prefix', () => {
  expect(parseChangeName('_0001__AddColumn')).toEqual({ order: '1', name: 'AddColumn' });
  expect(parseChangeName('_20250131__a__b')).toEqual({ order: '20250131', name: 'a__b' });
});

test.each(['AddColumn', '0001__AddColumn', '_0001_AddColumn', '_0001__', '__AddColumn', '_1a__AddColumn'])(
  'there is no order in %s',
  (name) => {
    expect(parseChangeName(name)).toBeUndefined();
  },
);

test('leading zeros make no difference, and zero stays', () => {
  expect(normaliseOrder('0010')).toBe('10');
  expect(normaliseOrder('000')).toBe('0');
});

test('orders are numeric, however long they are', () => {
  const orders = ['10', '9', '20251231235959123457', '0', '20251231235959123456'];
  expect(orders.sort(compareOrder)).toEqual(['0', '9', '10', '20251231235959123456', '20251231235959123457']);
  expect(compareOrder('7', '7')).toBe(0);
});
