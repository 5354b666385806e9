import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { usePlatform } from '../test/use-platform.js';

const platform = usePlatform();

const FIELD = '/contracts/order-response/fields/note';
const addField = () => platform.call('contracts', `PUT ${FIELD}`, { type: 'string' });

/** A connection on which the service has read the head of a PUT, and waits for its body. */
async function unfinishedRequest() {
  const socket = connect(Number(new URL(platform.urls.contracts).port), '127.0.0.1');
  socket.write(`PUT ${FIELD} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`);
  socket.write('Content-Length: 17\r\nExpect: 100-continue\r\n\r\n');
  await once(socket, 'data');
  return socket;
}

describe('the switch', () => {
  test('all services start up, and are listed with where they are', async () => {
    expect((await platform.call('control', 'GET /services')).body).toEqual(
      (['registry', 'contracts', 'gateway'] as const).map((name) => ({
        name,
        mode: 'up',
        url: platform.urls[name],
      })),
    );
  });

  test('an unavailable service answers 503 to everything and executes nothing', async () => {
    expect(await platform.switchTo('contracts', 'unavailable')).toMatchObject({
      status: 200,
      body: { name: 'contracts', mode: 'unavailable' },
    });
    const refused = await addField();
    expect(refused).toMatchObject({ status: 503, body: { status: 503, title: 'Service Unavailable' } });
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await platform.call('contracts', 'GET /nowhere')).status).toBe(503);

    await platform.switchTo('contracts', 'up');
    expect((await platform.call('contracts', 'GET /contracts/order-response')).body).toMatchObject({
      version: 1,
    });
    expect((await addField()).status).toBe(200);
  });

  test('a refusing service refuses connections, and comes back on the same port', async () => {
    const { contracts } = platform.urls;
    await platform.switchTo('contracts', 'refusing');
    await expect(addField()).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    expect((await platform.call('gateway', 'GET /routes')).status).toBe(200);

    expect(await platform.switchTo('contracts', 'up')).toMatchObject({
      body: { mode: 'up', url: contracts },
    });
    expect(await addField()).toMatchObject({ status: 200, body: { version: 2 } });
  });

  test('refusing destroys open connections, and what they had not finished to ask for is not executed', async () => {
    const socket = await unfinishedRequest();
    const closed = once(socket, 'close');
    await platform.switchTo('contracts', 'refusing');
    await closed;
    expect(await platform.log('contracts')).toMatchObject([{ method: 'PUT', path: FIELD, status: null }]);

    await platform.switchTo('contracts', 'up');
    expect((await platform.call('contracts', 'GET /contracts/order-response')).body).toMatchObject({
      version: 1,
    });
  });

  test('a request that is finished after the service became unavailable is not executed', async () => {
    const socket = await unfinishedRequest();
    await platform.switchTo('contracts', 'unavailable');
    socket.write('{"type":"string"}');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(answer.toString()).toMatch(/^HTTP\/1.1 503 /);
    await platform.switchTo('contracts', 'up');
    expect((await platform.call('contracts', 'GET /contracts/order-response')).body).toMatchObject({
      version: 1,
    });
  });

  test('a service whose port was taken meanwhile stays as it is, and says why', async () => {
    await platform.switchTo('contracts', 'refusing');
    const stranger = createServer().listen(Number(new URL(platform.urls.contracts).port), '127.0.0.1');
    await once(stranger, 'listening');
    expect(await platform.switchTo('contracts', 'up')).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('is taken by another process') },
    });
    expect((await platform.call('control', 'GET /services')).body).toContainEqual(
      expect.objectContaining({ name: 'contracts', mode: 'refusing' }),
    );
    stranger.close();
    await once(stranger, 'close');
    expect(await platform.switchTo('contracts', 'up')).toMatchObject({ status: 200 });
  });

  test.each([
    ['PUT /services/unknown', { mode: 'up' }, 404],
    ['PUT /services/constructor', { mode: 'up' }, 404],
    ['PUT /services/contracts', { mode: 'down' }, 400],
    ['PUT /services/contracts', {}, 400],
  ] as const)('%s with %j is a %d', async (endpoint, body, status) => {
    expect(await platform.call('control', endpoint, body)).toMatchObject({ status, body: { status } });
  });
});

describe('the request log', () => {
  test('tells of every request, also of those that were refused, and only of its own service', async () => {
    await addField();
    await platform.call('contracts', 'GET /contracts/unknown?verbose=true');
    await platform.switchTo('contracts', 'unavailable');
    await addField();

    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(await platform.log('contracts')).toEqual([
      { time, method: 'PUT', path: FIELD, status: 200, body: '{"type":"string"}' },
      { time, method: 'GET', path: '/contracts/unknown?verbose=true', status: 404 },
      { time, method: 'PUT', path: FIELD, status: 503, body: '{"type":"string"}' },
    ]);
    expect(await platform.log('gateway')).toEqual([]);
  });

  test('has the digest of a body above 1024 bytes', async () => {
    const body = { type: 'string', enum: ['x'.repeat(2000)] };
    await platform.call('contracts', `PUT ${FIELD}`, body);
    const digest = createHash('sha256').update(JSON.stringify(body)).digest('hex');
    expect(await platform.log('contracts')).toMatchObject([{ status: 200, bodyDigest: `sha256:${digest}` }]);
  });

  test('can be read from an index on', async () => {
    await addField();
    await platform.call('contracts', 'GET /contracts');
    const since = (index: number | string) =>
      platform.call('control', `GET /services/contracts/requests?since=${index}`);
    expect((await since(1)).body).toMatchObject([{ method: 'GET' }]);
    expect((await since(2)).body).toEqual([]);
    expect((await since('-1')).status).toBe(400);
    expect((await platform.call('control', 'GET /services/unknown/requests')).status).toBe(404);
  });
});

describe('resetting a state', () => {
  test('brings the seed back, keeps the log, and leaves the other services alone', async () => {
    await addField();
    await platform.call('gateway', 'PUT /routes/order-request/validation/allowed-fields/note');
    expect(await platform.call('control', 'DELETE /services/contracts/state')).toMatchObject({
      status: 204,
      body: undefined,
    });
    expect((await platform.call('contracts', 'GET /contracts/order-response')).body).toMatchObject({
      version: 1,
    });
    expect(await platform.log('contracts')).toHaveLength(2);
    expect((await platform.call('gateway', 'GET /routes/order-request')).body).toMatchObject({
      validation: { revision: 2 },
    });
    expect((await platform.call('control', 'DELETE /services/unknown/state')).status).toBe(404);
  });
});
