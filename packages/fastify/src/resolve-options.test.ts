import { memoryAuditStore, target, token } from '@flamingock/core';
import { expect, test } from '@jest/globals';
import Fastify from 'fastify';
import { fromDecorator } from './from-decorator.js';
import { resolveOptions } from './resolve-options.js';

const MAILER = Symbol('mailer');
const mailerToken = token<object>('mailer');

function options(): Parameters<typeof resolveOptions>[0] {
  return { service: 'orders', environment: 'test', auditStore: memoryAuditStore(), targets: {}, changes: [] };
}

test('what is made of decorators stands in their places: of members, of symbols, with further arguments', () => {
  const app = Fastify();
  const mailer = {};
  app.decorate('stores', { audit: { eu: memoryAuditStore() } });
  app.decorate(MAILER, mailer);
  const made: unknown[] = [];

  const resolved = resolveOptions(
    {
      ...options(),
      auditStore: fromDecorator(
        'stores.audit',
        (stores: { eu: ReturnType<typeof memoryAuditStore> }) => stores.eu,
      ),
      targets: {
        mail: fromDecorator(
          MAILER,
          (found: object, ...rest: readonly unknown[]) => {
            made.push(found, ...rest);
            return target({ clients: [mailerToken] });
          },
          'eu',
          1,
        ),
      },
      dependencies: [
        { token: mailerToken, value: fromDecorator(MAILER, (found: object) => found) },
        { token: 'plain', value: 'as it was' },
      ],
    },
    app,
  );

  expect(resolved.auditStore).toBe(app.getDecorator<{ audit: { eu: unknown } }>('stores').audit.eu);
  expect(made).toEqual([mailer, 'eu', 1]);
  expect(made[0]).toBe(mailer);
  expect(resolved.dependencies).toEqual([
    { token: mailerToken, value: mailer },
    { token: 'plain', value: 'as it was' },
  ]);
});

test('a decorator of an application around it is found, one of an application beside it is not', async () => {
  const app = Fastify();
  app.decorate('around', memoryAuditStore());
  app.register(async (beside) => {
    beside.decorate('beside', memoryAuditStore());
  });
  app.register(async (inner) => {
    const resolve = (name: string): unknown =>
      resolveOptions({ ...options(), auditStore: fromDecorator(name, (store: never) => store) }, inner)
        .auditStore;
    expect(resolve('around')).toBe(app.getDecorator('around'));
    expect(() => resolve('beside')).toThrow(/FLG_OPTION_INVALID.*'beside'/);
  });
  await app.ready();
});

test('what is no object of targets and no list of dependencies is left to the engine, which says so', () => {
  const given = { ...options(), targets: 'none' as never, dependencies: 'none' as never };
  expect(resolveOptions(given, Fastify())).toMatchObject({ targets: 'none', dependencies: 'none' });
});
