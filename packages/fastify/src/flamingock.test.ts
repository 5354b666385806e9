import { defineChange, type FlamingockError, memoryAuditStore, target, token } from '@flamingock/core';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { once } from 'node:events';
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { ask } from '../test/ask.js';
import { flamingock } from './flamingock.js';
import type { FlamingockPluginOptions } from './flamingock-plugin-options.js';
import { fromDecorator } from './from-decorator.js';

/** A client of the application, on which a change waits until the test lets it go. */
class Flags {
  readonly asked = signal();
  readonly goOn = signal();
  readonly set: string[] = [];
}

const flagsClient = token<Flags>('flags');

function signal(): { readonly given: Promise<void>; give: () => void } {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give };
}

const quick = defineChange({
  id: 'quick',
  name: '_0001__Quick',
  inject: { flags: flagsClient },
  apply: ({ flags }) => flags.set.push('quick'),
});

const slow = defineChange({
  id: 'slow',
  name: '_0002__Slow',
  inject: { flags: flagsClient },
  async apply({ flags }, { progress }) {
    progress(0.5, 2, 'half a flag');
    flags.asked.give();
    await flags.goOn.given;
    flags.set.push('slow');
  },
});

const failing = defineChange({
  id: 'failing',
  name: '_0002__Failing',
  inject: { flags: flagsClient },
  apply: () => Promise.reject(new Error('no flag is left')),
});

const apps: FastifyInstance[] = [];

afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

function application(options: FastifyServerOptions = { pluginTimeout: 0 }): {
  app: FastifyInstance;
  flags: Flags;
} {
  const app = Fastify(options);
  const flags = new Flags();
  app.decorate('flags', flags);
  app.get('/orders', async () => flags.set);
  app.get('/health/live', async () => ({ alive: true }));
  apps.push(app);
  return { app, flags };
}

function options(further: Partial<FlamingockPluginOptions> = {}): FlamingockPluginOptions {
  return {
    service: 'orders',
    environment: 'test',
    auditStore: memoryAuditStore(),
    targets: { flags: target({ clients: [flagsClient] }) },
    dependencies: [{ token: flagsClient, value: fromDecorator('flags', (flags: Flags) => flags) }],
    changes: [quick],
    logger: false,
    ...further,
  };
}

function listen(app: FastifyInstance): Promise<string> {
  return app.listen({ port: 0, host: '127.0.0.1' });
}

const background = { hold: 'background', onFailure: 'stay', openPaths: ['/health/live'] } as const;

describe('before the sequence is complete', () => {
  test('the application does not become ready, and no port is open', async () => {
    const { app, flags } = application();
    app.register(flamingock, options({ changes: [quick, slow] }));
    const listening = listen(app);
    await flags.asked.given;
    expect(app.server.listening).toBe(false);
    flags.goOn.give();
    await listening;
    expect(app.flamingock.readiness()).toMatchObject({ ready: true, applied: 2 });
    expect((await ask(app, '/orders')).json()).toEqual(['quick', 'slow']);
  });

  test('in the background it answers 503 to everything but its open paths, and serves afterwards', async () => {
    const { app, flags } = application({});
    app.setNotFoundHandler(() => Promise.reject(new Error('it was asked')));
    await app.register(flamingock, options({ ...background, retryAfterSeconds: 7, changes: [slow] }));
    app.get('/later', async () => 'later');
    app.register(async (child) => child.get('/of-a-plugin', async () => 'inside'), { prefix: '/nested' });
    await listen(app);
    await flags.asked.given;

    for (const url of ['/orders', '/later', '/nested/of-a-plugin', '/nowhere', '/health/ready/not'])
      expect(await ask(app, url)).toMatchObject({
        status: 503,
        headers: {
          'content-type': 'application/problem+json; charset=utf-8',
          'retry-after': '7',
          'cache-control': 'no-store',
        },
      });
    const read = await ask(app, '/orders', 'GET', { accept: 'text/html' });
    expect(read.headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', refresh: '7' });
    expect(read.body).toMatch(/^The application is starting/);
    expect((await ask(app, '/orders', 'POST')).json()).toMatchObject({ status: 503 });
    expect((await ask(app, '/orders', 'HEAD')).status).toBe(503);
    expect((await ask(app, '/health/live')).status).toBe(200);
    expect((await ask(app, '/health/ready')).json()).toMatchObject({
      status: 'error',
      error: {
        flamingock: {
          status: 'down',
          state: 'running',
          applied: 0,
          pending: 1,
          current: { change: '_0002__Slow', targetSystem: 'flags', progress: { done: 0.5, total: 2 } },
        },
      },
    });

    flags.goOn.give();
    await app.flamingock.run();
    expect((await ask(app, '/orders')).json()).toEqual(['slow']);
    expect((await ask(app, '/later')).body).toBe('later');
    expect(await ask(app, '/health/ready')).toMatchObject({ status: 200 });
  });

  test('a refusal is the same for a route whose own answers have a shape', async () => {
    const { app, flags } = application({});
    const shape = { type: 'object', required: ['reason'], properties: { reason: { type: 'string' } } };
    app.get('/shaped', { schema: { response: { '5xx': shape } } }, async () => ({}));
    app.addHook('preSerialization', async (_request, _reply, body) => ({ envelope: body }));
    await app.register(flamingock, options({ ...background, changes: [slow] }));
    await listen(app);
    expect((await ask(app, '/shaped')).json()).toEqual({
      type: 'about:blank',
      title: 'Service Unavailable',
      status: 503,
      detail: 'The application is starting: it does not serve before its changes are applied.',
    });
    flags.goOn.give();
  });
});

test('readiness is answered also where the application serializes with schemas of another kind', async () => {
  const { app } = application();
  app.setSerializerCompiler(() => {
    throw new Error('this is no schema of mine');
  });
  await app.register(flamingock, options());
  await listen(app);
  expect(await ask(app, '/health/ready')).toMatchObject({
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  });
});

test('readiness is not answered where its path is false', async () => {
  const { app } = application();
  await app.register(flamingock, options({ readinessPath: false }));
  await listen(app);
  expect(await ask(app, '/health/ready')).toMatchObject({ status: 404 });
});

describe('a run that fails', () => {
  test('rejects the start with its coded error', async () => {
    const { app } = application();
    app.register(flamingock, options({ changes: [quick, failing] }));
    await expect(listen(app)).rejects.toMatchObject({ code: 'FLG_ISSUE_OPEN' });
    expect(app.server.listening).toBe(false);
  });

  test('in the background is told to whom it concerns, and the gate stays closed', async () => {
    const { app } = application({});
    const failed = signal();
    const onFailure = jest.fn((_error: FlamingockError) => {
      failed.give();
    });
    await app.register(flamingock, options({ ...background, onFailure, changes: [failing] }));
    await listen(app);
    await failed.given;
    expect(onFailure.mock.calls[0]?.[0].code).toBe('FLG_ISSUE_OPEN');
    expect((await ask(app, '/orders')).json()).toMatchObject({
      detail: 'The application could not start: not all of its changes are applied.',
    });
    expect((await ask(app, '/health/ready')).json()).toMatchObject({
      error: { flamingock: { state: 'failed', error: { code: 'FLG_ISSUE_OPEN' } } },
    });
  });
});

describe('closing', () => {
  test('waits for the change that runs, begins no other one, and closes what was registered before only then', async () => {
    const { app, flags } = application({});
    let open = true;
    app.addHook('onClose', async () => void (open = false));
    await app.register(
      flamingock,
      options({
        ...background,
        dependencies: [{ token: flagsClient, value: flags }],
        changes: [
          slow,
          defineChange({
            id: 'third',
            name: '_0003__Third',
            inject: { flags: flagsClient },
            apply: () => flags.set.push('third'),
          }),
        ],
      }),
    );
    await listen(app);
    await flags.asked.given;
    const closing = app.close();
    await once(app.server, 'close');
    await new Promise((resolve) => setImmediate(resolve));
    expect(open).toBe(true);
    flags.goOn.give();
    await closing;
    expect(flags.set).toEqual(['slow']);
    expect(open).toBe(false);
    expect(app.flamingock.readiness()).toMatchObject({ ready: false, state: 'closed' });
  });

  test('in the middle of a change that does not stop is no failure', async () => {
    const { app, flags } = application({});
    const onFailure = jest.fn();
    const impatient = { shutdownGraceMs: 1, abortGraceMs: 1 };
    await app.register(flamingock, options({ ...background, ...impatient, onFailure, changes: [slow] }));
    await listen(app);
    await flags.asked.given;
    await app.close();
    expect(onFailure).not.toHaveBeenCalled();
  });

  test('turns readiness off while requests still finish', async () => {
    const { app } = application({ pluginTimeout: 0, return503OnClosing: false });
    const arrived = signal();
    const mayFinish = signal();
    app.get('/long', async () => {
      arrived.give();
      await mayFinish.given;
      return 'done';
    });
    await app.register(flamingock, options());
    await listen(app);
    const answer = ask(app, '/long');
    await arrived.given;
    const closing = app.close();
    while (app.flamingock.readiness().ready) await new Promise((resolve) => setImmediate(resolve));
    mayFinish.give();
    expect((await answer).body).toBe('done');
    await closing;
  });
});

describe('it is refused', () => {
  test('where Fastify would cut the run off, also when nothing is pending', async () => {
    const { app } = application({});
    app.register(flamingock, options({ mode: 'off' }));
    await expect(app.ready()).rejects.toMatchObject({
      code: 'FLG_OPTION_INVALID',
      message: expect.stringContaining('Fastify({ pluginTimeout: 0 })'),
    });
  });

  test('with options that are unknown', async () => {
    const { app } = application();
    app.register(flamingock, options({ holds: 'background' } as object));
    await expect(app.ready()).rejects.toThrow(/does not know the option 'holds'/);
  });

  test.each([
    ['once without a name', {}, { name: 'orders' }, /not every registration has a name/],
    ['twice without a name', {}, {}, /not every registration has a name/],
    ['twice with one name', { name: 'orders' }, { name: 'orders' }, /twice with the name 'orders'/],
    ['with an empty name', { name: '' }, {}, /a name that is no text/],
  ])('when it is registered %s', async (_what, first, second, message) => {
    const { app } = application();
    app.register(flamingock, options(first));
    app.register(flamingock, options(second));
    await expect(app.ready()).rejects.toThrow(message);
  });

  test.each([
    ['flagz', "targets['flags'] is made of the decorator 'flagz', which the application does not have"],
    ['flags.eu', "targets['flags'] is made of the decorator 'flags.eu', in which there is no 'eu'"],
  ])('where %s is nothing that the application is decorated with', async (decorator, message) => {
    const { app } = application();
    const made = fromDecorator(decorator, () => target({ clients: [flagsClient] }));
    app.register(flamingock, options({ targets: { flags: made } }));
    await expect(app.ready()).rejects.toMatchObject({
      code: 'FLG_OPTION_INVALID',
      message: expect.stringContaining(message),
    });
  });
});

describe('several engines', () => {
  test('stand under their names, are held together, and answer on one readiness path', async () => {
    const { app, flags } = application({});
    await app.register(flamingock, options({ ...background, name: 'orders', changes: [slow] }));
    await app.register(flamingock, options({ ...background, name: 'billing', service: 'billing' }));
    await listen(app);
    await app.flamingock['billing']?.run();
    await flags.asked.given;
    expect(await ask(app, '/orders')).toMatchObject({ status: 503 });
    expect((await ask(app, '/health/ready')).json()).toMatchObject({
      status: 'error',
      info: { billing: { status: 'up' } },
      error: { orders: { status: 'down' } },
    });
    flags.goOn.give();
    await app.flamingock['orders']?.run();
    expect(await ask(app, '/orders')).toMatchObject({ status: 200 });
    expect(await ask(app, '/health/ready')).toMatchObject({ status: 200 });
  });

  test('answer on paths of their own, also while the other one holds traffic', async () => {
    const { app, flags } = application({});
    app.register(
      async (child) => {
        await child.register(flamingock, options({ ...background, name: 'orders', changes: [slow] }));
        await child.register(
          flamingock,
          options({ ...background, name: 'billing', readinessPath: '/billing' }),
        );
      },
      { prefix: '/shop' },
    );
    await listen(app);
    await flags.asked.given;
    expect((await ask(app, '/shop/health/ready')).json()).toMatchObject({
      details: { orders: { state: 'running' } },
    });
    expect((await ask(app, '/shop/billing')).json()).not.toHaveProperty('details.orders');
    flags.goOn.give();
  });
});

describe('lines', () => {
  test("go through the application's own logger", async () => {
    const lines: string[] = [];
    const stream = { write: (line: string) => void lines.push(line) };
    const { app } = application({ pluginTimeout: 0, logger: { level: 'info', stream } });
    const { logger: _, ...further } = options();
    app.register(flamingock, { ...further, name: 'orders' });
    await listen(app);
    const said = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(said).toContainEqual(
      expect.objectContaining({
        level: 30,
        plugin: 'flamingock',
        instance: 'orders',
        msg: expect.stringContaining('_0001__Quick'),
      }),
    );
  });

  test('go to standard error where the application has no logger', async () => {
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { app } = application();
    const { logger: _, ...further } = options();
    app.register(flamingock, further);
    await listen(app);
    expect(write).toHaveBeenCalledWith(expect.stringMatching(/^\[flamingock\] .*_0001__Quick/m));
  });
});
