import { describe, expect, test } from '@jest/globals';
import { usePlatform } from '../test/use-platform.js';

const platform = usePlatform();

const VALIDATION = '/routes/order-request/validation';
const FIELD = `${VALIDATION}/allowed-fields/paymentMethod`;

async function validation() {
  const { body } = await platform.call('gateway', 'GET /routes/order-request');
  return (body as { validation: unknown }).validation;
}

test('a new gateway has the route of the order request', async () => {
  const route = {
    name: 'order-request',
    method: 'POST',
    path: '/orders',
    validation: { allowedFields: ['item', 'quantity'], revision: 1 },
  };
  expect((await platform.call('gateway', 'GET /routes')).body).toEqual([route]);
  expect((await platform.call('gateway', 'GET /routes/order-request')).body).toEqual(route);
  expect((await platform.call('gateway', 'GET /routes/unknown')).status).toBe(404);
});

describe('one allowed field', () => {
  test('is added once, however often it is asked for', async () => {
    const expected = { allowedFields: ['item', 'quantity', 'paymentMethod'], revision: 2 };
    expect(await platform.call('gateway', `PUT ${FIELD}`)).toMatchObject({
      status: 200,
      body: { validation: expected },
    });
    expect(await platform.call('gateway', `PUT ${FIELD}`)).toMatchObject({
      status: 200,
      body: { validation: expected },
    });
    expect(await validation()).toEqual(expected);
  });

  test('is removed; one that is not there is a 404', async () => {
    await platform.call('gateway', `PUT ${FIELD}`);
    const expected = { allowedFields: ['item', 'quantity'], revision: 3 };
    expect(await platform.call('gateway', `DELETE ${FIELD}`)).toMatchObject({
      status: 200,
      body: { validation: expected },
    });
    expect((await platform.call('gateway', `DELETE ${FIELD}`)).status).toBe(404);
    expect(await validation()).toEqual(expected);
  });

  test('with a malformed name is refused', async () => {
    expect((await platform.call('gateway', `PUT ${VALIDATION}/allowed-fields/1st`)).status).toBe(400);
    expect(await validation()).toMatchObject({ revision: 1 });
  });
});

describe('the whole validation', () => {
  const replace = (allowedFields: readonly string[], revision: number) =>
    platform.call('gateway', `PUT ${VALIDATION}`, { allowedFields, revision });

  test('is replaced by someone who has seen the current revision', async () => {
    expect(await replace(['item', 'note'], 1)).toMatchObject({
      status: 200,
      body: { validation: { allowedFields: ['item', 'note'], revision: 2 } },
    });
  });

  test('is not replaced by someone who has not: 412, and the current revision', async () => {
    await platform.call('gateway', `PUT ${FIELD}`);
    expect(await replace(['item'], 1)).toMatchObject({
      status: 412,
      body: { detail: 'The validation of order-request is at revision 2.' },
    });
    expect(await validation()).toMatchObject({ allowedFields: ['item', 'quantity', 'paymentMethod'] });
  });

  test('of two who saw the same revision, one replaces it', async () => {
    const answers = await Promise.all([replace(['item', 'a'], 1), replace(['item', 'b'], 1)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  test('with the same fields makes no revision', async () => {
    expect(await replace(['quantity', 'item', 'item'], 1)).toMatchObject({
      status: 200,
      body: { validation: { allowedFields: ['item', 'quantity'], revision: 1 } },
    });
  });

  test.each([
    ['no revision', { allowedFields: ['item'] }],
    ['a revision that is not a number', { allowedFields: ['item'], revision: '1' }],
    ['no fields', { revision: 1 }],
    ['a field that is not a name', { allowedFields: ['item', 7], revision: 1 }],
  ])('with %s is refused', async (_, body) => {
    expect((await platform.call('gateway', `PUT ${VALIDATION}`, body)).status).toBe(400);
    expect(await validation()).toMatchObject({ revision: 1 });
  });
});
