import { execFile } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import axios from 'axios';
import { Agent, interceptors, Pool, RetryAgent, request, stream } from 'undici';
import { deadAddress, type HttpSystem, startHttpSystem, UNTRUSTED } from '../../../test/http-system.js';
import type { Evidence } from '../target.js';
import type { HttpTargetOptions } from './http-options.js';
import { httpTarget } from './http-target.js';

/** Every attempt here has been executed, as a whole or in part, and then fails in a way that looks as if it had not. */
let system: HttpSystem;
beforeEach(async () => {
  system = await startHttpSystem();
});
afterEach(() => system.close());

async function evidenceOf(
  attempt: () => Promise<unknown>,
  options: HttpTargetOptions = {},
): Promise<Evidence> {
  const observed = await httpTarget({ clients: ['contracts'], ...options }).evidence?.observe(async () => {
    await attempt();
  });
  if (observed?.outcome !== 'threw') throw new Error('the attempt was to fail');
  return observed.evidence;
}

/** What does not belong to any attempt does what it is given, one after the other. */
function workerFromBefore(): (job: () => Promise<unknown>) => Promise<void> {
  const jobs: (() => Promise<unknown>)[] = [];
  let wake: () => void = () => undefined;
  void (async () => {
    for (;;) {
      await new Promise<void>((resolve) => (wake = resolve));
      for (const job of jobs.splice(0)) await job();
    }
  })();
  return (job) =>
    new Promise((resolve, reject) => {
      jobs.push(() => job().then(() => resolve(), reject));
      wake();
    });
}

const post = { method: 'POST', body: '{}' } as const;
const refused = async (): Promise<unknown> => request(await deadAddress(), post);

test('an agent that repeats a write whose answer was lost, and then finds nobody', async () => {
  let executed = 0;
  const server = http.createServer((incoming) => {
    executed += 1;
    server.close();
    incoming.socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const dispatcher = new RetryAgent(new Agent(), { methods: ['POST'], minTimeout: 10, maxRetries: 2 });
  let thrown: unknown;
  const evidence = await evidenceOf(() =>
    request(url, { ...post, dispatcher }).catch((error: unknown) => {
      thrown = error;
      throw error;
    }),
  );
  expect(executed).toBe(1);
  expect(thrown).toMatchObject({ code: 'ECONNREFUSED' });
  expect(evidence).toEqual({ proof: 'none', settled: false });
});

test('an interceptor that follows a redirection to somewhere that loses its answer', async () => {
  const other = await startHttpSystem();
  const redirecting = http
    .createServer((_request, response) => response.writeHead(307, { location: `${other.url}/drop` }).end())
    .listen(0, '127.0.0.1');
  await once(redirecting, 'listening');
  const url = `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}`;
  const dispatcher = new Agent().compose(interceptors.redirect({ maxRedirections: 3 }));
  expect(await evidenceOf(() => request(url, { ...post, dispatcher }))).toEqual({
    proof: 'none',
    settled: false,
  });
  expect(other.executed).toEqual(['POST /drop']);
  redirecting.closeAllConnections();
  redirecting.close();
  await other.close();
});

test('an interceptor of axios that sends once more what was executed, and is refused then', async () => {
  const client = axios.create();
  client.interceptors.response.use(undefined, async () => axios.post(`${system.url}/status/422`));
  expect(await evidenceOf(() => client.post(`${system.url}/drop`))).toEqual({
    proof: 'none',
    settled: false,
  });
  expect(system.executed).toEqual(['POST /drop']);
});

test('a pool with pipelining whose connection breaks under two writes', async () => {
  const pool = new Pool(system.url, { connections: 1, pipelining: 2 });
  const evidence = await evidenceOf(() =>
    Promise.all([
      pool.request({ ...post, path: '/drop', idempotent: true }),
      pool.request({ ...post, path: '/status/422', idempotent: true }),
    ]),
  );
  expect(system.executed).toEqual(expect.arrayContaining(['POST /drop']));
  expect(evidence.proof).toBe('none');
  await pool.destroy();
});

test('a write that waits for the only connection of its pool, while another one is refused', async () => {
  const pool = new Pool(system.url, { connections: 1 });
  const evidence = await evidenceOf(async () => {
    void pool.request({ ...post, path: '/slow' }).catch(() => undefined);
    void pool.request({ ...post, path: '/status/201' }).catch(() => undefined);
    await refused();
  });
  expect(evidence).toEqual({ proof: 'none', settled: false });
  await pool.close();
  expect(system.executed).toHaveLength(2);
});

test('HTTP/2 by undici: executed, and then the stream is reset', async () => {
  let executed = 0;
  const server = createSecureServer(UNTRUSTED, (incoming) => {
    incoming.resume().once('end', () => {
      executed += 1;
      incoming.stream.destroy();
    });
  });
  server.on('sessionError', () => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const dispatcher = new Agent({ allowH2: true, connect: { rejectUnauthorized: false } });
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const evidence = await evidenceOf(() => request(url, { ...post, dispatcher }));
  expect(executed).toBe(1);
  expect(evidence.proof).toBe('none');
  await dispatcher.destroy();
  server.close();
});

describe('a system that acts on the first bytes of a body which then breaks off', () => {
  let executed: number;
  let server: http.Server;
  let url: string;
  beforeEach(async () => {
    executed = 0;
    server = http.createServer((incoming) => {
      incoming.on('error', () => undefined).once('data', () => (executed += 1));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  async function* broken(): AsyncGenerator<Buffer> {
    yield Buffer.from('{"routes":[');
    while (executed === 0) await new Promise((resolve) => setImmediate(resolve));
    throw new Error('the source of the upload broke');
  }

  test.each<readonly [string, () => Promise<unknown>]>([
    [
      'fetch',
      () =>
        fetch(url, {
          method: 'POST',
          body: ReadableStream.from(broken()),
          duplex: 'half',
        }),
    ],
    ['undici', () => stream(url, { method: 'POST', body: Readable.from(broken()) }, () => process.stdout)],
    [
      'node:http',
      async () => {
        const upload = http.request(url, { method: 'POST' });
        const failed = once(upload, 'error');
        for await (const part of broken()) upload.write(part);
        upload.destroy();
        await failed;
      },
    ],
  ])('%s', async (_client, send) => {
    const evidence = await evidenceOf(send);
    expect(executed).toBe(1);
    expect(evidence.proof).toBe('none');
  });
});

describe('a client with a queue whose worker runs since before the change', () => {
  test('wherever it writes to, beside a write of the change that is refused', async () => {
    const enqueue = workerFromBefore();
    const elsewhere = await startHttpSystem();
    const evidence = await evidenceOf(async () => {
      await enqueue(() => request(`${elsewhere.url}/status/201`, post));
      await refused();
    });
    expect(elsewhere.executed).toHaveLength(1);
    expect(evidence.proof).toBe('none');
    await elsewhere.close();
  });

  test('and that is still waiting for its answer', async () => {
    const enqueue = workerFromBefore();
    const evidence = await evidenceOf(async () => {
      void enqueue(() => request(`${system.url}/hang`, post)).catch(() => undefined);
      await system.untilExecuted(1);
      await refused();
    });
    expect(evidence.proof).toBe('none');
  });

  test('a proxy of the system is another host: the declared ones count beside it', async () => {
    const enqueue = workerFromBefore();
    const byName = system.url.replace('127.0.0.1', 'localhost');
    const evidence = await evidenceOf(
      async () => {
        await enqueue(() => request(`${byName}/status/201`, post)).catch(() => undefined);
        await refused();
      },
      { hosts: ['localhost'] },
    );
    expect(evidence.proof).toBe('none');
  });
});

describe('a write by somebody else than this thread', () => {
  const script = (url: string): string =>
    `require('node:http').request(${JSON.stringify(url)}, { method: 'POST' }, (r) => r.resume()).end()`;

  test.each<readonly [string, (code: string) => Promise<unknown>]>([
    ['a worker', (code) => once(new Worker(code, { eval: true }), 'exit')],
    ['a child process', (code) => promisify(execFile)(process.execPath, ['-e', code])],
  ])('%s', async (_who, run) => {
    const evidence = await evidenceOf(async () => {
      await run(script(`${system.url}/status/201`));
      await refused();
    });
    expect(system.executed).toEqual(['POST /status/201']);
    expect(evidence).toEqual({ proof: 'none', settled: false });
  });
});
