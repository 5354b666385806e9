import { type Flamingock, NotApplied } from '@flamingock/core';
import { describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { type IncomingMessage, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import request from 'supertest';
import { engineOptions, held } from '../test/engine-options.js';
import { MAJORS } from '../test/majors.js';
import { flamingock } from './flamingock.js';

interface Answer {
  readonly body: object;
  readonly headers: Readonly<Record<string, string>>;
}

/** Waits until the run in the background has begun its change. */
async function begun(engine: Flamingock): Promise<void> {
  while (engine.readiness().current === undefined) await pause(5);
}

async function ready(engine: Flamingock): Promise<void> {
  while (!engine.readiness().ready) await pause(5);
}

describe.each(MAJORS)('%s', (_, express) => {
  test('is what it says it is', () => {
    // Only Express 5 shows its router.
    const shown = (): unknown => express().router;
    if (_ === 'Express 4') expect(shown).toThrow('deprecated');
    else expect(shown()).toBeInstanceOf(Function);
  });

  describe('an application that awaits its changes', () => {
    test('is served when they are applied, and answers its readiness probe', async () => {
      const app = express();
      const engine = await flamingock(app, engineOptions());
      app.get('/orders', (_request, response) => void response.json([1]));
      expect(engine.readiness()).toMatchObject({ ready: true });
      await request(app).get('/orders').expect(200, [1]);
      const { body, headers } = (await request(app).get('/health/ready').expect(200)) as Answer;
      expect(body).toMatchObject({
        status: 'ok',
        details: { flamingock: { status: 'up', state: 'ready', applied: 1, pending: 0 } },
      });
      expect(headers).toMatchObject({ 'cache-control': 'no-store' });
      expect(headers).not.toHaveProperty('etag');
    });

    test('may have its routes before', async () => {
      const app = express();
      app.get('/orders', (_request, response) => void response.json([1]));
      await flamingock(app, engineOptions());
      await request(app).get('/orders').expect(200);
    });

    test('is rejected where one fails, and serves nothing', async () => {
      const app = express();
      const failing = engineOptions(() => {
        throw new NotApplied('closed today');
      });
      await expect(flamingock(app, failing)).rejects.toMatchObject({ code: 'FLG_CHANGE_FAILED' });
      app.get('/orders', (_request, response) => void response.json([1]));
      await request(app).get('/orders').expect(503);
    });

    test('is down for probes when the engine is closed, and serves what still comes', async () => {
      const app = express();
      const engine = await flamingock(app, engineOptions());
      app.get('/orders', (_request, response) => void response.json([1]));
      await engine.close();
      await request(app).get('/orders').expect(200);
      const { body } = (await request(app).get('/health/ready').expect(503)) as Answer;
      expect(body).toMatchObject({ status: 'shutting_down' });
    });
  });

  describe('an application whose changes are applied in the background', () => {
    test('answers 503 until they are, but for its probes and open paths', async () => {
      const change = held();
      const app = express();
      const engine = await flamingock(app, {
        ...engineOptions(change.apply),
        hold: 'background',
        openPaths: ['/health/live', '/static/*'],
        retryAfterSeconds: 3,
      });
      app.get('/orders', (_request, response) => void response.json([1]));
      app.get('/health/live', (_request, response) => void response.json('alive'));
      app.get('/static/logo.svg', (_request, response) => void response.json('logo'));
      await begun(engine);

      const refused = await request(app).get('/orders').expect(503);
      expect(refused.headers).toMatchObject({
        'content-type': 'application/problem+json; charset=utf-8',
        'retry-after': '3',
        'cache-control': 'no-store',
      });
      expect(JSON.parse(refused.text)).toMatchObject({ status: 503, title: 'Service Unavailable' });
      const head = await request(app).head('/orders').expect(503);
      expect([head.text, head.headers['content-length']]).toEqual([
        undefined,
        refused.headers['content-length'],
      ]);
      const read = await request(app).get('/orders').set('accept', 'text/html').expect(503);
      expect(read.headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', refresh: '3' });
      expect(read.text).toMatch(/^The application is starting/);
      await request(app).post('/orders').send({ item: 'tea' }).expect(503);
      await request(app).get('/nowhere').expect(503);
      await request(app).get('/health/live').expect(200);
      await request(app).get('/static/logo.svg').expect(200);
      const { body } = (await request(app).get('/health/ready').expect(503)) as Answer;
      expect(body).toMatchObject({
        error: { flamingock: { state: 'running', current: { change: '_0001__A' } } },
      });

      change.goOn();
      await ready(engine);
      await request(app).get('/orders').expect(200, [1]);
      await request(app).head('/health/ready').expect(200);
    });

    test('keeps its order: what stands before the gate comes before it', async () => {
      const change = held();
      const app = express();
      app.disable('x-powered-by');
      app.use((_request, response, next) => {
        response.setHeader('x-request-id', '7');
        next();
      });
      await flamingock(app, { ...engineOptions(change.apply), hold: 'background' });
      const { headers } = await request(app).get('/orders').expect(503);
      expect(headers).toMatchObject({ 'x-request-id': '7' });
      expect(headers).not.toHaveProperty('x-powered-by');
      change.goOn();
    });

    test('answers an upload while it is still being sent', async () => {
      const change = held();
      const app = express();
      await flamingock(app, { ...engineOptions(change.apply), hold: 'background' });
      const server = app.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const upload = send({ port, host: '127.0.0.1', method: 'POST', path: '/orders' });
      upload.on('error', () => undefined).write('the first part of many');
      const [response] = (await once(upload, 'response')) as [IncomingMessage];
      expect(response.statusCode).toBe(503);
      upload.destroy();
      server.close();
      change.goOn();
    });

    test('may be mounted: its paths are those of its own', async () => {
      const change = held();
      const inner = express();
      await flamingock(inner, { ...engineOptions(change.apply), hold: 'background' });
      const app = express();
      app.use('/shop', inner);
      app.get('/about', (_request, response) => void response.json('us'));
      await request(app).get('/shop/orders').expect(503);
      const { body } = (await request(app).get('/shop/health/ready').expect(503)) as Answer;
      expect(body).toMatchObject({ status: 'error' });
      await request(app).get('/about').expect(200);
      change.goOn();
    });

    test('may be a router', async () => {
      const change = held();
      const router = express.Router();
      await flamingock(router, { ...engineOptions(change.apply), hold: 'background' });
      const app = express().use('/shop', router);
      await request(app).get('/shop/orders').expect(503);
      change.goOn();
    });

    test.each<[string, RegExp, (app: ReturnType<typeof express>) => unknown]>([
      ['a route', /\/orders/, (app) => app.get('/orders', (_request, response) => void response.end())],
      ['a pattern', /\/\^\\\/o\//, (app) => app.get(/^\/o/, (_request, response) => void response.end())],
      [
        'a router',
        /in a router/,
        (app) =>
          app.use(
            '/orders',
            express.Router().get('/', (_request, response) => void response.end()),
          ),
      ],
      [
        'a router in a router',
        /in a router/,
        (app) =>
          app.use(
            express.Router().use(
              '/orders',
              express.Router().get('/', (_request, response) => void response.end()),
            ),
          ),
      ],
      ['an application that is mounted', /is mounted/, (app) => app.use('/shop', express())],
    ])('refuses to come after %s, which would be served at once', async (_what, named, register) => {
      const app = express();
      register(app);
      const started = flamingock(app, { ...engineOptions(), hold: 'background' });
      await expect(started).rejects.toMatchObject({
        code: 'FLG_OPTION_INVALID',
        message: expect.stringMatching(named),
      });
    });

    test('may come after a route that is open', async () => {
      const app = express();
      app.get('/health/live', (_request, response) => void response.end());
      const options = { ...engineOptions(), hold: 'background', openPaths: ['/health/live'] } as const;
      await expect(flamingock(app, options)).resolves.toBeDefined();
    });

    test.each(['post', 'all'] as const)(
      'not after app.%s() on an open path, which is open for GET',
      async (register) => {
        const app = express();
        app[register]('/health/live', (_request, response) => void response.end());
        const options = { ...engineOptions(), hold: 'background', openPaths: ['/health/live'] } as const;
        await expect(flamingock(app, options)).rejects.toMatchObject({ code: 'FLG_OPTION_INVALID' });
      },
    );
  });

  describe('what cannot be meant is refused', () => {
    test('options without an application', async () => {
      await expect(flamingock(engineOptions() as never, undefined as never)).rejects.toMatchObject({
        code: 'FLG_OPTION_INVALID',
        message: expect.stringContaining('an application of Express'),
      });
    });

    test('an unknown option', async () => {
      await expect(
        flamingock(express(), { ...engineOptions(), holds: 'block' } as never),
      ).rejects.toMatchObject({
        code: 'FLG_OPTION_UNKNOWN',
        message: expect.stringContaining("Did you mean 'hold'?"),
      });
    });

    test('a readiness probe that another route would answer', async () => {
      const app = express();
      await flamingock(app, engineOptions());
      await expect(flamingock(app, engineOptions())).rejects.toMatchObject({
        code: 'FLG_OPTION_INVALID',
        message: expect.stringContaining('/health/ready'),
      });
      await expect(flamingock(app, { ...engineOptions(), readinessPath: false })).resolves.toBeDefined();
    });
  });
});
