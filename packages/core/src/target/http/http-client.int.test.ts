import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { HttpClient } from './http-client.js';
import type { HttpTargetOptions } from './http-options.js';
import { httpTarget } from './http-target.js';

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let server: Server;
let received: Received[];
let reply: { status: number; headers?: Record<string, string>; body?: string } | 'nothing';

beforeEach(async () => {
  received = [];
  reply = { status: 200 };
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.once('end', () => {
      const { method, url, headers } = request;
      received.push({ method, url, headers, body });
      if (reply !== 'nothing') response.writeHead(reply.status, reply.headers).end(reply.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function client(options: HttpTargetOptions = {}, userInfo = ''): HttpClient {
  const baseUrl = `http://${userInfo}127.0.0.1:${(server.address() as AddressInfo).port}/admin/`;
  return httpTarget({ baseUrl, ...options }).client(HttpClient) as HttpClient;
}

function json(value: unknown): typeof reply {
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(value),
  };
}

async function failure(attempt: Promise<unknown>): Promise<Error> {
  return attempt.then(
    () => {
      throw new Error('it was to fail');
    },
    (error: unknown) => error as Error,
  );
}

test('sends and returns JSON, below the path of the base URL', async () => {
  reply = json({ allowed: ['paymentMethod'] });
  expect(await client().put('/routes/orders?dry=1', { allow: ['paymentMethod'] })).toEqual({
    allowed: ['paymentMethod'],
  });
  expect(received).toMatchObject([
    {
      method: 'PUT',
      url: '/admin/routes/orders?dry=1',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: '{"allow":["paymentMethod"]}',
    },
  ]);
});

test('sends no body and no content type where there is none', async () => {
  await client().delete('/routes/orders');
  expect(received).toMatchObject([{ method: 'DELETE', body: '' }]);
  expect(received[0]?.headers).not.toHaveProperty('content-type');
});

test('returns the text of an answer that is no JSON, and undefined for an empty one', async () => {
  reply = { status: 200, headers: { 'content-type': 'text/plain' }, body: 'ok' };
  expect(await client().get('/health')).toBe('ok');
  reply = { status: 204 };
  expect(await client().get('/health')).toBeUndefined();
});

test('tells status and headers of an answer', async () => {
  reply = { status: 201, headers: { location: '/routes/7' } };
  const response = await client().request('POST', '/routes');
  expect(response.status).toBe(201);
  expect(response.headers.get('location')).toBe('/routes/7');
});

test('asks for the credentials at each request', async () => {
  let count = 0;
  const http = client({ auth: () => Promise.resolve(`Bearer ${++count}`) });
  await http.get('/a');
  await http.get('/b');
  await client({ auth: () => ({ 'x-api-key': 'k' }), headers: { 'x-client': 'orders' } }).get('/c');
  await client({}, 'me:p%40ss@').get('/d');
  expect(received.map(({ headers }) => headers.authorization ?? headers['x-api-key'])).toEqual([
    'Bearer 1',
    'Bearer 2',
    'k',
    'Basic bWU6cEBzcw==',
  ]);
  expect(received[2]?.headers['x-client']).toBe('orders');
});

test('throws for every answer that is no success, and tells nothing secret', async () => {
  reply = { status: 409, headers: { 'set-cookie': 's3cret' }, body: 's3cret' };
  const http = client({ auth: () => 'Bearer s3cret' });
  const error = await failure(http.post('/routes?key=s3cret', { password: 's3cret' }));
  expect(error).toMatchObject({
    name: 'HttpError',
    code: 'HTTP_409',
    status: 409,
    method: 'POST',
    path: '/routes',
  });
  expect(error.message).toBe('POST /routes was answered with 409');
  expect(inspect(error, { depth: 9 })).not.toContain('s3cret');
});

test('follows no redirection', async () => {
  reply = { status: 307, headers: { location: 'http://localhost/elsewhere' } };
  expect(await failure(client().post('/routes'))).toMatchObject({ status: 307 });
  expect(received).toHaveLength(1);
});

test('a header that cannot be sent is not repeated in the error', async () => {
  const error = await failure(client({ auth: () => 'Bearer s3cret\nx: y' }).get('/routes'));
  expect(error).toMatchObject({ code: 'HTTP_HEADER' });
  expect(inspect(error)).not.toContain('s3cret');
  expect(received).toEqual([]);
});

test('a success whose body is broken is told from other failures', async () => {
  reply = { status: 200, headers: { 'content-type': 'application/json' }, body: '{"token": "s3cret' };
  const error = await failure(client().get('/routes'));
  expect(error).toMatchObject({ code: 'HTTP_BODY' });
  expect(inspect(error)).not.toContain('s3cret');
});

test('gives up after the time-out', async () => {
  reply = 'nothing';
  expect(await failure(client({ timeoutMs: 100 }).get('/routes'))).toMatchObject({
    code: 'ETIMEDOUT',
    message: 'GET /routes was not answered within 100 ms',
  });
});

test('stops when the caller says so, with its reason', async () => {
  reply = 'nothing';
  const stop = new AbortController();
  const pending = failure(client().get('/routes', { signal: stop.signal }));
  const reason = new Error('shutting down');
  stop.abort(reason);
  expect(await pending).toBe(reason);
});

test('tells why there was no answer', async () => {
  const http = client();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect(await failure(http.get('/routes?key=s3cret'))).toMatchObject({
    code: 'ECONNREFUSED',
    message: 'GET /routes got no answer (ECONNREFUSED)',
  });
  server.listen(0);
});

test.each(['routes', '', '//elsewhere.example/x', 'http://elsewhere.example/'])(
  'credentials go nowhere else, whatever the path (%j)',
  async (path) => {
    const error = await client({ auth: () => 'Bearer x' })
      .get(path)
      .catch((thrown: unknown) => thrown);
    if (path.startsWith('/')) expect(received).toHaveLength(1);
    else expect(error).toMatchObject({ code: 'HTTP_PATH' });
  },
);

test('a token that is fetched during an attempt takes no proof away', async () => {
  const tokens = createServer((_request, response) => response.end('t'));
  await new Promise<void>((resolve) => tokens.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(tokens.address() as AddressInfo).port}`;
  const gateway = httpTarget({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    auth: async () => (await fetch(origin, { method: 'POST' })).text(),
  });
  reply = { status: 422 };
  const observed = await gateway.evidence?.observe(async () => {
    await (gateway.client(HttpClient) as HttpClient).post('/routes');
  });
  expect(observed).toMatchObject({ outcome: 'threw', evidence: { proof: 'rejected', settled: true } });
  expect(received[0]?.headers.authorization).toBe('t');
  tokens.closeAllConnections();
  await new Promise((resolve) => tokens.close(resolve));
});
