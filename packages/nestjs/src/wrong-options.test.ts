import 'reflect-metadata';
import { type FlamingockError, memoryAuditStore } from '@flamingock/core';
import { describe, expect, test } from '@jest/globals';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { FlamingockModule } from './flamingock.module.js';
import { fromContainer } from './from-container.js';
import { withFlamingockInMemory } from './testing/index.js';

const options = {
  service: 'orders',
  environment: 'test',
  auditStore: memoryAuditStore(),
  targets: {},
  changes: [],
};
const NO_OBJECTS = [undefined, null, 'orders', 5, [], () => options, Symbol('orders')];
const makeAudit = (): ReturnType<typeof memoryAuditStore> => memoryAuditStore();

/** As plain JavaScript calls it: no compiler judges what is given. */
const forRoot = (given?: unknown): DynamicModule => FlamingockModule.forRoot(given as never);
const forRootAsync = (given?: unknown): DynamicModule => FlamingockModule.forRootAsync(given as never);
const forFeature = (given?: unknown): DynamicModule => FlamingockModule.forFeature(given as never);

/** What the creation of an application is rejected with: one coded error, or all that are told together. */
async function problemsOf(...imports: DynamicModule[]): Promise<readonly string[]> {
  const created = NestFactory.createApplicationContext(
    { module: class AppModule {}, imports },
    { abortOnError: false, logger: false },
  );
  const [rejected] = await Promise.allSettled([created]);
  const { problems, message } = (rejected as PromiseRejectedResult).reason as FlamingockError;
  return problems.length > 0 ? problems.map((problem) => problem.message) : [message];
}

describe('options that are none are one coded error, and never a TypeError', () => {
  test.each(NO_OBJECTS)('forRoot(%p)', async (given) => {
    expect(await problemsOf(forRoot(given))).toEqual([
      expect.stringContaining(
        'FLG_OPTION_INVALID: FlamingockModule.forRoot(): the options must be an object.\n  -> Pass { service,',
      ),
    ]);
  });

  test.each(NO_OBJECTS)('forRootAsync(%p)', async (given) => {
    expect(await problemsOf(forRootAsync(given))).toEqual([
      expect.stringContaining('FLG_OPTION_INVALID: FlamingockModule.forRootAsync(): the options must be'),
    ]);
  });

  test.each(NO_OBJECTS)('a factory that returns %p', async (given) => {
    expect(await problemsOf(forRootAsync({ useFactory: () => given }))).toEqual([
      expect.stringContaining('FLG_OPTION_INVALID: FlamingockModule.forRootAsync(): the options must be'),
    ]);
  });

  test('a class that makes no options, by useClass and by useExisting', async () => {
    class Configuration {}
    const refusal = /^FLG_OPTION_INVALID: .*Configuration has no method createFlamingockOptions/;
    expect(await problemsOf(forRootAsync({ useClass: Configuration }))).toEqual([
      expect.stringMatching(refusal),
    ]);
    class ConfigurationModule {}
    const imports = [{ module: ConfigurationModule, providers: [Configuration], exports: [Configuration] }];
    expect(await problemsOf(forRootAsync({ imports, useExisting: Configuration }))).toEqual([
      expect.stringMatching(refusal),
    ]);
  });

  test.each(NO_OBJECTS)('forFeature(%p), with all else that is wrong', async (given) => {
    expect(await problemsOf(forRoot({ ...options, service: '' }), forFeature(given))).toEqual([
      expect.stringContaining('FLG_OPTION_INVALID: FlamingockModule.forFeature(): the options must be'),
      expect.stringContaining('service is missing'),
    ]);
  });

  test('in a test with an audit store in memory', async () => {
    const compiled = withFlamingockInMemory(Test.createTestingModule({ imports: [forRoot()] })).compile();
    await expect(compiled).rejects.toMatchObject({ code: 'FLG_OPTION_INVALID' });
  });
});

describe('options of a wrong type are coded errors, too', () => {
  test.each<[object, string]>([
    [{ name: 5 }, 'FlamingockModule.forRoot(): name must be a text'],
    [{ name: Symbol('orders') }, 'FlamingockModule.forRoot(): name must be a text'],
    [{ resolutionTimeoutMs: '5000' }, 'resolutionTimeoutMs (5000) must be'],
    [{ resolutionTimeoutMs: Symbol('soon') }, 'resolutionTimeoutMs (Symbol(soon)) must be'],
    [{ targets: null }, 'targets must be an object'],
    [{ targets: 'orders-db' }, 'targets must be an object'],
    [{ targets: { 'orders-db': null } }, "targets['orders-db'] is not a target system"],
    [{ dependencies: 5 }, 'dependencies must be a list'],
    [{ dependencies: [null] }, 'dependencies[0] is no dependency'],
    [{ dependencies: [{ token: 'REGION' }] }, 'dependencies[0] is no dependency'],
    [{ auditStore: 'memory' }, 'auditStore is not an audit store'],
    [{ changes: 'changes' }, 'changes is neither'],
  ])('forRoot(%p)', async (wrong, told) => {
    expect(await problemsOf(forRoot({ ...options, ...wrong }))).toEqual([expect.stringContaining(told)]);
  });

  test.each<object>([
    {},
    { useFactory: null },
    { useFactory: options },
    { useClass: undefined },
    { useClass: 'Options' },
    { useExisting: undefined },
  ])('forRootAsync(%p)', async (wrong) => {
    expect(await problemsOf(forRootAsync(wrong))).toEqual([
      expect.stringContaining('forRootAsync(): nobody makes the options'),
    ]);
  });

  test.each([5, Symbol('orders'), ''])('forFeature() with the name %p', async (name) => {
    expect(await problemsOf(forRoot(options), forFeature({ changes: [], name }))).toEqual([
      expect.stringContaining('FlamingockModule.forFeature(): name must be a text'),
    ]);
  });

  test.each<[unknown, unknown, string]>([
    [undefined, makeAudit, 'the token is none'],
    [null, makeAudit, 'the token is none'],
    ['AUDIT', undefined, 'the factory is no function'],
  ])('fromContainer(%p, %p)', (token, factory, told) => {
    expect(() => fromContainer(token as never, factory as never)).toThrow(
      `FLG_OPTION_INVALID: fromContainer(): ${told}`,
    );
  });
});
