import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import Fastify, { type FastifyInstance } from 'fastify';
import { closeOnSignal } from './close-on-signal.js';

/** Somebody else who listens: the process is not ended then, and with it the tests. */
const somebody = (): void => undefined;

let app: FastifyInstance;
let agent: Agent;
let closed: Promise<void>;

beforeEach(() => {
  process.on('SIGTERM', somebody);
  app = Fastify();
  agent = new Agent({ keepAlive: true });
  closed = new Promise((resolve) => {
    app.addHook('onClose', async () => {
      resolve();
    });
  });
});
afterEach(async () => {
  process.off('SIGTERM', somebody);
  agent.destroy();
  await app.close();
});

test('a connection that is kept alive, and in use when the signal comes, ends with its request', async () => {
  let finish = (): void => undefined;
  const mayFinish = new Promise<void>((resolve) => (finish = resolve));
  const arrived = new Promise<void>((resolve) => {
    app.get('/long', async () => {
      resolve();
      await mayFinish;
      return 'done';
    });
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  closeOnSignal(app);

  const { port } = app.server.address() as AddressInfo;
  const request = get({ host: '127.0.0.1', port, path: '/long', agent });
  const answered = once(request, 'response');
  await arrived;
  process.emit('SIGTERM', 'SIGTERM');
  process.emit('SIGTERM', 'SIGTERM');
  while (app.server.listening) await new Promise((resolve) => setImmediate(resolve));
  finish();
  const [response] = (await answered) as [IncomingMessage];
  response.resume();
  expect(response.statusCode).toBe(200);
  await closed;
});

test('a connection that never sends its request is cut when the time is over', async () => {
  await app.listen({ port: 0, host: '127.0.0.1' });
  closeOnSignal(app, { graceMs: 50 });
  const accepted = once(app.server, 'connection');
  const client = connect((app.server.address() as AddressInfo).port, '127.0.0.1').resume();
  await accepted;
  const cut = once(client, 'close');
  process.emit('SIGTERM', 'SIGTERM');
  await Promise.all([cut, closed]);
});

test('options that it does not know, or that are no time, are refused', () => {
  const options = { graceMs: -1, grace: 5 };
  expect(() => {
    closeOnSignal(app, options);
  }).toThrow(/graceMs must be[^]*'?grace'?|'?grace'?[^]*graceMs must be/);
});

test('what goes wrong while it closes is told', async () => {
  const told: unknown[] = [];
  const failure = new Error('no way to close');
  await new Promise<void>((resolve) => {
    closeOnSignal({
      server: {},
      log: {
        error(error) {
          told.push(error);
          resolve();
        },
      },
      close: () => Promise.reject(failure),
    });
    process.emit('SIGTERM', 'SIGTERM');
  });
  expect(told).toEqual([failure]);
});
