import { describe, expect, test } from '@jest/globals';
import { usePlatform } from '../../test/use-platform.js';

const platform = usePlatform();

const FIELDS = [
  { name: 'id', type: 'string' },
  { name: 'item', type: 'string' },
  { name: 'quantity', type: 'int' },
];
const PAYMENT_METHOD = { name: 'paymentMethod', type: 'string', default: 'UNSET' };

function orderPlaced(...added: readonly unknown[]): string {
  return JSON.stringify({ type: 'record', name: 'OrderPlaced', fields: [...FIELDS, ...added] });
}

const V1 = orderPlaced();
const V2 = orderPlaced(PAYMENT_METHOD);
const INCOMPATIBLE = orderPlaced({ name: 'paymentMethod', type: 'string' });

function register(schema: string, subject = 'order-events-value') {
  return platform.call('registry', `POST /subjects/${subject}/versions`, { schema });
}

describe('reading', () => {
  test('a new registry has version 1 of the order events, and asks for BACKWARD', async () => {
    expect((await platform.call('registry', 'GET /subjects')).body).toEqual(['order-events-value']);
    expect((await platform.call('registry', 'GET /subjects/order-events-value/versions')).body).toEqual([1]);
    expect((await platform.call('registry', 'GET /subjects/order-events-value/versions/1')).body).toEqual({
      subject: 'order-events-value',
      version: 1,
      id: 1,
      schema: V1,
    });
    expect((await platform.call('registry', 'GET /schemas/ids/1')).body).toEqual({ schema: V1 });
    expect((await platform.call('registry', 'GET /config')).body).toEqual({ compatibilityLevel: 'BACKWARD' });
  });

  test.each([
    ['GET /subjects/unknown/versions', 404, 40401],
    ['GET /subjects/unknown/versions/latest', 404, 40401],
    ['GET /subjects/order-events-value/versions/2', 404, 40402],
    ['GET /subjects/order-events-value/versions/0', 422, 42202],
    ['GET /subjects/order-events-value/versions/newest', 422, 42202],
    ['GET /schemas/ids/2', 404, 40403],
    ['GET /schemas/ids/0', 404, 40403],
    ['GET /config/order-events-value', 404, 40408],
    ['GET /nowhere', 404, 404],
    ['POST /subjects//versions', 404, 404],
    ['DELETE /subjects/order-events-value', 405, 405],
  ] as const)('%s answers %d with the error code %d', async (endpoint, status, code) => {
    const answer = await platform.call('registry', endpoint);
    expect(answer).toMatchObject({ status, body: { error_code: code, message: expect.any(String) } });
    expect(answer.headers.get('content-type')).toBe('application/vnd.schemaregistry.v1+json');
  });
});

describe('registering', () => {
  test('a compatible schema becomes the next version, with the next id', async () => {
    expect(await register(V2)).toMatchObject({ status: 200, body: { id: 2 } });
    expect((await platform.call('registry', 'GET /subjects/order-events-value/versions')).body).toEqual([
      1, 2,
    ]);
    expect(
      (await platform.call('registry', 'GET /subjects/order-events-value/versions/latest')).body,
    ).toMatchObject({
      version: 2,
      id: 2,
      schema: V2,
    });
  });

  test('repeated, also with other white space and order of attributes, it changes nothing', async () => {
    await register(V2);
    const rewritten = JSON.stringify(
      {
        fields: [...FIELDS, { default: 'UNSET', type: 'string', name: 'paymentMethod' }],
        name: 'OrderPlaced',
        type: 'record',
      },
      undefined,
      4,
    );
    expect(await register(rewritten)).toMatchObject({ status: 200, body: { id: 2 } });
    expect((await platform.call('registry', 'GET /subjects/order-events-value/versions')).body).toEqual([
      1, 2,
    ]);
  });

  test('an older version may be registered again, whatever the level says about it', async () => {
    await platform.call('registry', 'PUT /config', { compatibility: 'FORWARD' });
    await register(orderPlaced({ name: 'note', type: 'string' }));
    expect(await register(V1)).toMatchObject({ status: 200, body: { id: 1 } });
    expect((await platform.call('registry', 'GET /subjects/order-events-value/versions')).body).toEqual([
      1, 2,
    ]);
  });

  test('one schema has one id in all subjects', async () => {
    expect((await register(V1, 'archive-value')).body).toEqual({ id: 1 });
    expect((await register(V2, 'archive-value')).body).toEqual({ id: 2 });
    expect((await register(V2)).body).toEqual({ id: 2 });
    expect((await platform.call('registry', 'GET /subjects')).body).toEqual(
      expect.arrayContaining(['order-events-value', 'archive-value']),
    );
  });

  test('an incompatible schema is refused with the reason, and registers nothing', async () => {
    const refused = await register(INCOMPATIBLE);
    expect(refused).toMatchObject({
      status: 409,
      body: { error_code: 409, message: expect.stringContaining('OrderPlaced.paymentMethod') },
    });
    expect((await platform.call('registry', 'GET /subjects/order-events-value/versions')).body).toEqual([1]);
    expect((await platform.call('registry', 'GET /schemas/ids/2')).status).toBe(404);
  });

  test.each([
    ['no schema', {}],
    ['a schema that is not a text', { schema: { type: 'record' } }],
    ['a schema outside of the subset', { schema: '"string"' }],
    ['another type of schema', { schema: '{}', schemaType: 'PROTOBUF' }],
    ['references', { schema: V2, references: [{ name: 'x', subject: 'x', version: 1 }] }],
  ])('%s is refused as an invalid schema', async (_, body) => {
    expect(await platform.call('registry', 'POST /subjects/order-events-value/versions', body)).toMatchObject(
      {
        status: 422,
        body: { error_code: 42201, message: expect.any(String) },
      },
    );
  });

  test("Confluent's media type is understood, another one refused in Confluent's words", async () => {
    const url = `${platform.urls.registry}/subjects/order-events-value/versions`;
    const send = (type: string) =>
      fetch(url, { method: 'POST', headers: { 'content-type': type }, body: JSON.stringify({ schema: V2 }) });

    const refused = await send('text/plain');
    expect(refused.status).toBe(415);
    expect(await refused.json()).toMatchObject({ error_code: 415 });
    expect((await send('application/vnd.schemaregistry.v1+json')).status).toBe(200);
  });
});

describe('looking a schema up', () => {
  const lookUp = (subject: string, schema: string) =>
    platform.call('registry', `POST /subjects/${subject}`, { schema });

  test('tells the version that has it', async () => {
    await register(V2);
    expect(await lookUp('order-events-value', V2)).toMatchObject({
      status: 200,
      body: { subject: 'order-events-value', version: 2, id: 2, schema: V2 },
    });
  });

  test('a schema or a subject that is not there is a 404 of its own, and is not registered', async () => {
    expect(await lookUp('order-events-value', V2)).toMatchObject({
      status: 404,
      body: { error_code: 40403 },
    });
    expect(await lookUp('unknown', V1)).toMatchObject({ status: 404, body: { error_code: 40401 } });
    expect((await platform.call('registry', 'GET /subjects')).body).toEqual(['order-events-value']);
  });
});

describe('compatibility', () => {
  const check = (schema: string, version: string | number = 'latest') =>
    platform.call('registry', `POST /compatibility/subjects/order-events-value/versions/${version}`, {
      schema,
    });

  test('can be asked without registering', async () => {
    expect(await check(V2)).toMatchObject({ status: 200, body: { is_compatible: true } });
    expect(await check(INCOMPATIBLE, 1)).toMatchObject({ status: 200, body: { is_compatible: false } });
    expect(await check(V2, 2)).toMatchObject({ status: 404, body: { error_code: 40402 } });
    expect((await platform.call('registry', 'GET /subjects/order-events-value/versions')).body).toEqual([1]);
  });

  test('a level of the subject stands above that of the registry', async () => {
    const set = await platform.call('registry', 'PUT /config/order-events-value', { compatibility: 'NONE' });
    expect(set).toMatchObject({ status: 200, body: { compatibility: 'NONE' } });
    expect((await platform.call('registry', 'GET /config/order-events-value')).body).toEqual({
      compatibilityLevel: 'NONE',
    });
    expect((await platform.call('registry', 'GET /config')).body).toEqual({ compatibilityLevel: 'BACKWARD' });
    expect((await register(INCOMPATIBLE)).status).toBe(200);
  });

  test('the level of the registry holds where a subject has none', async () => {
    await platform.call('registry', 'PUT /config', { compatibility: 'FULL' });
    expect(
      (await platform.call('registry', 'GET /config/order-events-value?defaultToGlobal=true')).body,
    ).toEqual({
      compatibilityLevel: 'FULL',
    });
    expect((await register(orderPlaced().replace(',{"name":"item","type":"string"}', ''))).status).toBe(409);
  });

  test('a subject that has only a level is not listed', async () => {
    await platform.call('registry', 'PUT /config/planned-value', { compatibility: 'NONE' });
    expect((await platform.call('registry', 'GET /subjects')).body).toEqual(['order-events-value']);
    expect((await platform.call('registry', 'GET /config/planned-value')).body).toEqual({
      compatibilityLevel: 'NONE',
    });
  });

  test.each(['PUT /config', 'PUT /config/order-events-value'] as const)(
    '%s refuses an unknown level',
    async (endpoint) => {
      expect(
        await platform.call('registry', endpoint, { compatibility: 'BACKWARD_TRANSITIVE' }),
      ).toMatchObject({
        status: 422,
        body: { error_code: 42203 },
      });
    },
  );
});
