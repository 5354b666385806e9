import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { clientUse } from '../../../test/client-use.js';
import { deadAddress } from '../../../test/http-system.js';
import type { ClientUse, ObservedAttempt } from '../target.js';
import { HttpClient } from './http-client.js';
import type { HttpError } from './http-error.js';
import type { HttpTargetOptions } from './http-options.js';
import { httpTarget } from './http-target.js';

type Reply = (request: IncomingMessage, response: ServerResponse) => unknown;

const status =
  (code: number, headers: Record<string, string> = {}): Reply =>
  (_request, response) =>
    response.writeHead(code, headers).end();
const executeAndDrop: Reply = (request) => request.socket.destroy();
const soon = { 'retry-after': '0' };

let server: ReturnType<typeof createServer>;
/** One for each request; 200 afterwards. */
let replies: Reply[];
let received: { method: string; key: unknown; authorization: unknown }[];

beforeEach(async () => {
  replies = [];
  received = [];
  server = createServer((request, response) => {
    const { method = '', headers } = request;
    request.resume().once('end', () => {
      received.push({ method, key: headers['idempotency-key'], authorization: headers.authorization });
      (replies.shift() ?? status(200))(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const address = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** One call of a change, as the engine makes it. */
async function call(
  change: (http: HttpClient) => unknown,
  options: HttpTargetOptions = {},
  use: ClientUse = clientUse(),
): Promise<ObservedAttempt> {
  const gateway = httpTarget({ baseUrl: address(), ...options });
  const observed = await gateway.evidence?.observe(async () => {
    await change(gateway.client(HttpClient, use) as HttpClient);
  }, use);
  if (observed === undefined) throw new TypeError('httpTarget has evidence');
  return observed;
}
const post = (http: HttpClient): Promise<unknown> => http.post('/routes', { id: 1 });
const RETURNED = { outcome: 'returned' };
const codeIn = (settled: PromiseSettledResult<unknown>): unknown =>
  settled.status === 'rejected' ? (settled.reason as HttpError).code : undefined;

describe('the client of a change sends again', () => {
  test('what was not sent, also a POST', async () => {
    const dead = await deadAddress();
    const sent = call(post, { baseUrl: dead, retries: 1 });
    const late = createServer((_request, response) => response.end()).listen(Number(new URL(dead).port));
    expect(await sent).toEqual(RETURNED);
    late.closeAllConnections();
    await new Promise((resolve) => late.close(resolve));
  });

  test('a read, whatever became of it', async () => {
    replies = [executeAndDrop, status(502)];
    expect(await call((http) => http.get('/routes'))).toEqual(RETURNED);
    expect(received).toHaveLength(3);
  });

  test('a write that the system has declared not to have begun, when it said', async () => {
    replies = [status(429, soon), status(503, soon)];
    expect(await call(post, { rejectedStatuses: [503] })).toEqual(RETURNED);
    expect(received).toHaveLength(3);
  });

  test('a write whose answer was lost, with the same key, where the system honours it', async () => {
    replies = [executeAndDrop];
    expect(await call(post, { idempotency: { honoured: true } })).toEqual(RETURNED);
    const keys = received.map(({ key }) => key);
    expect(keys).toEqual([expect.stringMatching(/^[\da-f-]{36}$/), keys[0]]);
  });

  test('once with other credentials, when those that it was given are refused', async () => {
    const asked: boolean[] = [];
    const auth: HttpTargetOptions['auth'] = ({ refused }) => {
      asked.push(refused);
      return refused ? 'Bearer new' : 'Bearer old';
    };
    replies = [status(401), status(401)];
    expect(await call(post, { auth })).toMatchObject({
      outcome: 'threw',
      error: { status: 401 },
      evidence: { proof: 'rejected', settled: true },
    });
    expect(asked).toEqual([false, true]);
    expect(received.map(({ authorization }) => authorization)).toEqual(['Bearer old', 'Bearer new']);
  });
});

describe('it does not send again', () => {
  test.each<readonly [string, Reply, HttpTargetOptions]>([
    ['a write whose answer was lost', executeAndDrop, {}],
    ['one at 503 that nobody has declared', status(503, soon), {}],
    ['a PUT whose answer was lost: somebody else may have written since', executeAndDrop, {}],
    ['one with credentials that stay the same', status(401), { auth: () => 'Bearer old' }],
    ['anything, where that is not wanted', status(429, soon), { retries: 0 }],
  ])('%s', async (what, reply, options) => {
    replies = [reply];
    const method = what.includes('PUT') ? 'PUT' : 'POST';
    const observed = await call((http) => http.request(method, '/routes', { body: {} }), options);
    expect(observed.outcome).toBe('threw');
    expect(received).toHaveLength(1);
  });

  test('once the change was told to stop', async () => {
    const stop = new AbortController();
    replies = [
      (_request, response) => {
        response.writeHead(429, { 'retry-after': '9' }).end();
        stop.abort(new Error('the lock is lost'));
      },
    ];
    const observed = await call(post, {}, clientUse({ signal: stop.signal }));
    expect(observed).toMatchObject({ outcome: 'threw', error: { status: 429 } });
  });
});

describe('a change that was told to stop', () => {
  const lost = new Error('the lock is lost');

  test('sends nothing more', async () => {
    expect(await call(post, {}, clientUse({ signal: AbortSignal.abort(lost) }))).toMatchObject({
      outcome: 'threw',
      error: { code: 'HTTP_OVER' },
      evidence: { proof: 'not-sent', settled: true },
    });
    expect(received).toEqual([]);
  });

  test('nor with other credentials', async () => {
    const stop = new AbortController();
    const auth: HttpTargetOptions['auth'] = ({ refused }) => {
      if (refused) stop.abort(lost);
      return refused ? 'Bearer new' : 'Bearer old';
    };
    replies = [status(401)];
    expect(await call(post, { auth }, clientUse({ signal: stop.signal }))).toMatchObject({
      error: {
        code: 'HTTP_OVER',
        message:
          'POST /routes was not sent again: the call of the change that it belongs to is over, or was told to stop',
      },
      evidence: { proof: 'rejected', settled: true },
    });
    expect(received).toHaveLength(1);
  });
});

test('what was sent again after a lost answer proves nothing, whatever the answer', async () => {
  replies = [executeAndDrop, status(422)];
  expect(await call(post, { idempotency: { honoured: true } })).toMatchObject({
    outcome: 'threw',
    error: { status: 422 },
    evidence: { proof: 'none', settled: false },
  });
});

describe('the key', () => {
  test('is the same at the next attempt, and another one after an undo', async () => {
    for (const absentSince of [0, 0, 9]) await call(post, {}, clientUse({ absentSince }));
    const [first, second, third] = received.map(({ key }) => key);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  test('is not given to two requests of a call by one step, unless the first has failed', async () => {
    const add = (http: HttpClient): Promise<unknown> => http.post('/routes', {}, { step: 'add' });
    replies = [status(422)];
    const change = async (http: HttpClient): Promise<void> => {
      await add(http).catch(() => undefined);
      await add(http);
      await add(http);
    };
    expect(await call(change)).toMatchObject({ outcome: 'threw', error: { code: 'HTTP_STEP' } });
    expect(received.map(({ key }) => key)).toEqual([expect.any(String), received[0]?.key]);
  });

  test('that a step would have twice is refused before anything is sent', async () => {
    const add = (http: HttpClient): Promise<unknown> => http.post('/routes', {}, { step: 'add' });
    replies = [status(422)];
    const change = (http: HttpClient): Promise<unknown> =>
      Promise.allSettled([add(http), add(http)]).then(([first, second]) =>
        Promise.reject(new Error([first, second].map(codeIn).join())),
      );
    expect(await call(change)).toMatchObject({
      error: { message: 'HTTP_422,HTTP_STEP' },
      evidence: { proof: 'rejected', settled: true },
    });
    expect(received).toHaveLength(1);
  });

  test('goes in the header that the system reads, or in none', async () => {
    const seen: unknown[] = [];
    const note: Reply = (request, response) => {
      seen.push(request.headers['x-request-id'], request.headers['idempotency-key']);
      response.end();
    };
    replies = [note, note];
    await call(post, { idempotency: { header: 'X-Request-Id' } });
    await call(post, { idempotency: false });
    expect(seen).toEqual([expect.any(String), undefined, undefined, undefined]);
  });

  test('is not sent outside of a run', async () => {
    await (httpTarget({ baseUrl: address() }).client(HttpClient) as HttpClient).post('/search', {});
    expect(received).toMatchObject([{ key: undefined }]);
  });
});

describe('a change that does not await its requests', () => {
  test('is not done before they are', async () => {
    replies = [(request, response) => void pause(100).then(() => status(200)(request, response))];
    let answered: unknown;
    expect(await call((http) => void post(http).then(() => (answered = true)))).toEqual(RETURNED);
    expect(answered).toBe(true);
  });

  test('fails when one of them does', async () => {
    replies = [(request, response) => void pause(50).then(() => status(422)(request, response))];
    expect(await call((http) => void post(http))).toMatchObject({
      outcome: 'threw',
      error: { status: 422 },
      evidence: { proof: 'rejected', settled: true },
    });
  });

  test('cannot send anything once it is over', async () => {
    let kept: HttpClient | undefined;
    await call((http) => (kept = http));
    await expect(kept?.post('/routes')).rejects.toMatchObject({ code: 'HTTP_OVER' });
    expect(received).toEqual([]);
  });

  test('leaves no proof where it fails meanwhile, and nothing is sent whose credentials come later', async () => {
    let give: (value: string) => void = () => undefined;
    const auth = (): Promise<string> => new Promise((resolve) => (give = resolve));
    let left: Promise<unknown> | undefined;
    const change = async (http: HttpClient): Promise<void> => {
      left = post(http);
      await http.request('PUT', 'no path', {});
    };
    expect(await call(change, { auth })).toMatchObject({
      outcome: 'threw',
      error: { code: 'HTTP_PATH' },
      evidence: { proof: 'none', settled: false },
    });
    give('Bearer late');
    await expect(left).rejects.toMatchObject({ code: 'HTTP_OVER' });
    expect(received).toEqual([]);
  });

  test('does not send again what waits when it fails, and waits no longer', async () => {
    let left: Promise<unknown> | undefined;
    const refused = new Promise<void>((resolve) => {
      replies = [
        (_request, response) => {
          response.writeHead(429, { 'retry-after': '9' }).end(() => resolve());
        },
      ];
    });
    const change = async (http: HttpClient): Promise<void> => {
      left = post(http);
      await refused;
      await pause(50);
      throw new Error('the change failed');
    };
    expect(await call(change)).toMatchObject({ evidence: { proof: 'none', settled: false } });
    await expect(left).rejects.toMatchObject({ status: 429 });
    expect(received).toHaveLength(1);
  });

  test('is seen whole, also where its requests are made in another context', async () => {
    let make: () => void = () => undefined;
    const worker = new Promise<void>((resolve) => (make = resolve));
    let http: HttpClient | undefined;
    const done = worker.then(() => http?.post('/routes'));
    replies = [status(201), status(422)];
    const observed = await call(async (given) => {
      http = given;
      make();
      await done;
      await given.put('/routes/1', {});
    });
    expect(observed).toMatchObject({ outcome: 'threw', evidence: { proof: 'none', settled: true } });
  });
});

test.each<readonly [string, () => never | Promise<never>]>([
  [
    'throws',
    () => {
      throw Object.assign(new Error('s3cret'), { code: 'EAUTH' });
    },
  ],
  ['does not answer', () => new Promise<never>(() => undefined)],
])('a source of credentials that %s has sent nothing, and tells nothing', async (_what, auth) => {
  const observed = await call(post, { auth, timeoutMs: 100 });
  expect(observed).toMatchObject({
    outcome: 'threw',
    error: { code: 'HTTP_AUTH' },
    evidence: { proof: 'not-sent', settled: true },
  });
  expect(JSON.stringify(observed)).not.toContain('s3cret');
  expect(received).toEqual([]);
});
