import { describe, expect, it } from '@jest/globals';
import { newOrder } from './new-order.js';

describe('newOrder', () => {
  it('takes an order of somebody who does not say how to pay', () => {
    expect(newOrder.parse({ item: ' tea ', quantity: 2 })).toEqual({
      item: 'tea',
      quantity: 2,
      paymentMethod: 'UNSET',
    });
  });

  it.each([
    [{ item: '', quantity: 1 }, 'item'],
    [{ item: 'tea', quantity: 0 }, 'quantity'],
    [{ item: 'tea', quantity: 1.5 }, 'quantity'],
    [{ item: 'tea', quantity: 1, paymentMethod: 'SHELLS' }, 'paymentMethod'],
  ])('refuses %j', (body, field) => {
    expect(newOrder.safeParse(body).error?.issues.map(({ path }) => path)).toEqual([[field]]);
  });

  it('refuses a field that it does not know', () => {
    expect(newOrder.safeParse({ item: 'tea', quantity: 1, price: 1 }).success).toBe(false);
  });
});
