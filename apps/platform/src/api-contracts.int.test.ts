import { describe, expect, test } from '@jest/globals';
import { usePlatform } from '../test/use-platform.js';

const platform = usePlatform();

const PAYMENT_METHOD = { type: 'string', required: true, enum: ['UNSET', 'CARD'] };
const FIELD = '/contracts/order-response/fields/paymentMethod';

async function orderResponse() {
  return (await platform.call('contracts', 'GET /contracts/order-response')).body;
}

test('a new service has the contract of the order response', async () => {
  const contract = {
    name: 'order-response',
    version: 1,
    fields: {
      id: { type: 'string', required: true },
      item: { type: 'string', required: true },
      quantity: { type: 'integer', required: true },
      createdAt: { type: 'date-time', required: true },
    },
  };
  expect(await orderResponse()).toEqual(contract);
  expect((await platform.call('contracts', 'GET /contracts')).body).toEqual([contract]);
});

describe('PUT of a field', () => {
  test('adds it, and answers with the new version', async () => {
    const answer = await platform.call('contracts', `PUT ${FIELD}`, PAYMENT_METHOD);
    expect(answer).toMatchObject({
      status: 200,
      body: { version: 2, fields: { paymentMethod: PAYMENT_METHOD } },
    });
    expect(await orderResponse()).toEqual(answer.body);
  });

  test('repeated, it changes nothing; a default that is spelled out is no difference', async () => {
    await platform.call('contracts', `PUT ${FIELD}`, { type: 'string' });
    const repeated = await platform.call('contracts', `PUT ${FIELD}`, { type: 'string', required: false });
    expect(repeated).toMatchObject({ status: 200, body: { version: 2 } });
  });

  test('replaces another description', async () => {
    await platform.call('contracts', `PUT ${FIELD}`, PAYMENT_METHOD);
    expect(await platform.call('contracts', `PUT ${FIELD}`, { type: 'string' })).toMatchObject({
      status: 200,
      body: { version: 3, fields: { paymentMethod: { type: 'string', required: false } } },
    });
  });

  test('takes names that every JavaScript object inherits', async () => {
    const url = '/contracts/order-response/fields/constructor';
    expect((await platform.call('contracts', `DELETE ${url}`)).status).toBe(404);
    expect(await platform.call('contracts', `PUT ${url}`, { type: 'string' })).toMatchObject({
      status: 200,
      body: { version: 2, fields: { constructor: { type: 'string' } } },
    });
  });
});

describe('POST of a field', () => {
  const add = () =>
    platform.call('contracts', 'POST /contracts/order-response/fields', {
      name: 'paymentMethod',
      ...PAYMENT_METHOD,
    });

  test('adds it once, and refuses to do so again', async () => {
    expect(await add()).toMatchObject({
      status: 201,
      body: { version: 2, fields: { paymentMethod: PAYMENT_METHOD } },
    });
    expect((await add()).status).toBe(409);
    expect(await orderResponse()).toMatchObject({ version: 2 });
  });

  test('of many at the same time, one adds it', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, add));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(9);
    expect(await orderResponse()).toMatchObject({ version: 2 });
  });
});

describe('DELETE of a field', () => {
  test('removes it; a field that is not there is a 404', async () => {
    await platform.call('contracts', `PUT ${FIELD}`, PAYMENT_METHOD);
    const removed = await platform.call('contracts', `DELETE ${FIELD}`);
    expect(removed).toMatchObject({ status: 200, body: { version: 3 } });
    expect(removed.body).not.toHaveProperty('fields.paymentMethod');
    expect((await platform.call('contracts', `DELETE ${FIELD}`)).status).toBe(404);
    expect(await orderResponse()).toEqual(removed.body);
  });
});

test('writes that come at the same time all take effect', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `field${index}`);
  await Promise.all(
    names.map((name) =>
      platform.call('contracts', `PUT /contracts/order-response/fields/${name}`, { type: 'string' }),
    ),
  );
  const contract = (await orderResponse()) as { version: number; fields: object };
  expect(contract.version).toBe(21);
  expect(Object.keys(contract.fields)).toEqual(expect.arrayContaining(names));
});

test('a contract that is not there is a 404', async () => {
  expect(await platform.call('contracts', 'GET /contracts/unknown')).toMatchObject({
    status: 404,
    body: { title: 'Not Found', status: 404, detail: 'There is no contract unknown.' },
  });
});

test.each([
  ['no type', {}],
  ['an unknown type', { type: 'text' }],
  ['an unknown attribute', { type: 'string', nullable: true }],
  ['a required that is not a boolean', { type: 'string', required: 'yes' }],
  ['an empty enum', { type: 'string', enum: [] }],
  ['an enum with a repetition', { type: 'string', enum: ['A', 'A'] }],
  ['an enum of numbers', { type: 'string', enum: [1] }],
  ['an enum of another type than string', { type: 'integer', enum: ['A'] }],
])('a field with %s is refused', async (_, field) => {
  expect((await platform.call('contracts', `PUT ${FIELD}`, field)).status).toBe(400);
  expect(await orderResponse()).toMatchObject({ version: 1 });
});

test('a field with a malformed name is refused', async () => {
  const refused = await platform.call('contracts', 'PUT /contracts/order-response/fields/payment%20method', {
    type: 'string',
  });
  expect(refused).toMatchObject({ status: 400, body: { detail: expect.stringContaining('field name') } });
});
