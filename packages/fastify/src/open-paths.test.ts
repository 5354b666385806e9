import { defineChange, memoryAuditStore, target } from '@flamingock/core';
import { expect, test } from '@jest/globals';
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { ask } from '../test/ask.js';
import { flamingock } from './flamingock.js';

const openPaths = ['/health/live', '/static/*', /^\/v\d\/ping$/, /^.*\/pong$/];

const OPEN = ['/health/live', '/health/live?verbose=/../', '/static/a%20b.svg', '/v1/ping', '/any/pong'];

const CLOSED = [
  '/',
  '/orders',
  '/orders?/health/live',
  '/orders#/health/live',
  '/orders;/any/pong',
  '/health/..;/orders',
  '/health/live;/orders',
  '/health/live%2f..',
  '/static/..%2forders',
  '/static/../orders',
  '/static/..',
  '/static/..;/orders',
  '/static/\\..\\..\\orders',
  '/static',
  '//health/live',
  '//static/orders',
  '/HEALTH/live',
  '/orders/v1/ping',
  '/v1/ping/orders',
  'http://static/orders',
  'http://shop/health/live',
  'HTTP://shop/health/live',
  'http://shop;orders/health/live',
];

/** Whatever passes is served, by whichever route. */
async function whileClosed(
  options: FastifyServerOptions,
  see: (statusOf: (path: string, method?: string) => Promise<number | undefined>) => Promise<void>,
): Promise<void> {
  let goOn = (): void => undefined;
  const told = new Promise<void>((resolve) => (goOn = resolve));
  const app: FastifyInstance = Fastify(options);
  app.setNotFoundHandler((_request, reply) => void reply.code(204).send());
  for (const url of ['/orders', '/health/live', '/static/*'])
    app.all(url, (_request, reply) => void reply.code(204).send());
  app.post('/health/ready', (_request, reply) => void reply.code(204).send());
  await app.register(flamingock, {
    service: 'orders',
    environment: 'test',
    auditStore: memoryAuditStore(),
    targets: { flags: target({ clients: [] }) },
    changes: [defineChange({ id: 'a', name: '_0001__A', targetSystem: 'flags', apply: () => told })],
    logger: false,
    hold: 'background',
    onFailure: 'stay',
    openPaths,
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  try {
    await see(async (path, method) => (await ask(app, path, method)).status);
  } finally {
    goOn();
    await app.close();
  }
}

test.each<FastifyServerOptions>([
  {},
  {
    useSemicolonDelimiter: true,
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, caseSensitive: false },
  },
])('behind the closed gate only the named paths are served, with the options %j', async (options) => {
  await whileClosed(options, async (statusOf) => {
    const open = await Promise.all(OPEN.map(async (path) => [path, await statusOf(path)]));
    expect(open).toEqual(OPEN.map((path) => [path, 204]));
    const closed = await Promise.all(CLOSED.map(async (path) => [path, await statusOf(path)]));
    expect(closed).toEqual(CLOSED.map((path) => [path, 503]));
  });
});

test('they are served to GET and HEAD, and to nothing that may change something', async () => {
  await whileClosed({}, async (statusOf) => {
    const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
    const answers = await Promise.all(methods.map((method) => statusOf('/health/live', method)));
    expect(answers).toEqual([204, 204, 503, 503, 503, 503, 503]);
    expect(await statusOf('/health/ready', 'POST')).toBe(503);
  });
});
