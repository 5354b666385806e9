import { describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { engineOptions, held } from '../test/engine-options.js';
import { MAJORS } from '../test/majors.js';
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

/** The path as it is: clients that people use would write some of them another way. */
async function statusOf(server: Server, path: string, method = 'GET'): Promise<number | undefined> {
  const { port } = server.address() as AddressInfo;
  const sent = request({ host: '127.0.0.1', port, path, method, agent: false });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

describe.each(MAJORS)('Behind the closed gate of %s', (_, express) => {
  async function whileClosed(see: (server: Server) => Promise<void>): Promise<void> {
    const change = held();
    const app = express();
    const engine = await flamingock(app, { ...engineOptions(change.apply), hold: 'background', openPaths });
    // Whatever passes is served.
    app.use((_request, response) => void response.status(204).end());
    const server = app.listen(0);
    await once(server, 'listening');
    try {
      await see(server);
    } finally {
      change.goOn();
      await engine.close();
      server.close();
    }
  }

  test('only the named paths are served, however a request writes another one', async () => {
    await whileClosed(async (server) => {
      const open = await Promise.all(OPEN.map(async (path) => [path, await statusOf(server, path)]));
      expect(open).toEqual(OPEN.map((path) => [path, 204]));
      const closed = await Promise.all(CLOSED.map(async (path) => [path, await statusOf(server, path)]));
      expect(closed).toEqual(CLOSED.map((path) => [path, 503]));
    });
  });

  test('they are served to GET and HEAD, and to nothing that may change something', async () => {
    await whileClosed(async (server) => {
      const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
      const answers = await Promise.all(methods.map((method) => statusOf(server, '/health/live', method)));
      expect(answers).toEqual([204, 204, 503, 503, 503, 503, 503]);
    });
  });
});
