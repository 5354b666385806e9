import 'reflect-metadata';
import {
  Apply,
  type AuditStore,
  Change,
  type Flamingock,
  memoryAuditStore,
  target,
  TargetSystem,
} from '@flamingock/core';
import { afterEach, expect, jest, test } from '@jest/globals';
import { type DynamicModule, Injectable } from '@nestjs/common';
import { Test, type TestingModule, type TestingModuleBuilder } from '@nestjs/testing';
import type { FlamingockModuleOptions } from '../flamingock-module-options.js';
import { getFlamingockToken, InjectFlamingock } from '../flamingock.decorators.js';
import { FlamingockModule } from '../flamingock.module.js';
import { fromContainer } from '../from-container.js';
import { withFlamingockInMemory } from './with-flamingock-in-memory.js';
import { withoutFlamingock } from './without-flamingock.js';

@Injectable()
class Client {
  readonly calls: string[] = [];
}

@Injectable()
class Operations {
  constructor(@InjectFlamingock() readonly flamingock: Flamingock) {}
}

@Change({ id: 'first' })
@TargetSystem('clients')
class _0001__First {
  @Apply()
  apply(client: Client): void {
    client.calls.push('first');
  }
}

@Change({ id: 'second' })
@TargetSystem('clients')
class _0002__Second {
  @Apply()
  apply(client: Client): void {
    client.calls.push('second');
  }
}

/** A store that nothing may be asked of, in an application as it is configured for production. */
function untouchable(): { auditStore: AuditStore; touched: jest.Mock } {
  const touched = jest.fn();
  const auditStore = new Proxy(memoryAuditStore(), {
    get(store, key) {
      const value: unknown = Reflect.get(store, key);
      if (typeof value === 'function') touched(key);
      return typeof value === 'function' ? (value.bind(store) as unknown) : value;
    },
  });
  return { auditStore, touched };
}

function options(overrides: Partial<FlamingockModuleOptions> = {}): FlamingockModuleOptions {
  return {
    service: 'orders',
    environment: undefined,
    auditStore: untouchable().auditStore,
    targets: { clients: target({ clients: [Client] }) },
    mode: 'wait',
    changes: [_0001__First],
    ...overrides,
  };
}

const modules: TestingModule[] = [];

afterEach(async () => {
  await Promise.all(modules.splice(0).map((module) => module.close()));
});

function builder(...imports: NonNullable<DynamicModule['imports']>): TestingModuleBuilder {
  return Test.createTestingModule({ imports, providers: [Client, Operations] });
}

async function compile(testing: TestingModuleBuilder): Promise<TestingModule> {
  const module = await testing.compile();
  modules.push(module);
  return module;
}

test('without Flamingock nothing runs, nothing is asked of a store, and no option is even made', async () => {
  const { auditStore, touched } = untouchable();
  const useFactory = jest.fn(() => options({ auditStore }));
  const made = jest.fn(() => auditStore);
  const module = await compile(
    withoutFlamingock(
      builder(
        FlamingockModule.forRoot(options({ auditStore: fromContainer(Client, made) })),
        FlamingockModule.forRootAsync({ name: 'billing', useFactory }),
        FlamingockModule.forFeature({ changes: [_0002__Second] }),
      ),
    ),
  );
  touched.mockClear();
  const { flamingock } = module.get(Operations);
  expect(module.get(Client).calls).toEqual([]);
  expect(useFactory).not.toHaveBeenCalled();
  expect(made).not.toHaveBeenCalled();
  expect(flamingock.readiness()).toMatchObject({ ready: true });
  expect(module.get<Flamingock>(getFlamingockToken('billing')).readiness()).toMatchObject({ ready: true });
  await module.close();
  expect(flamingock.readiness()).toMatchObject({ state: 'closed' });
  expect(touched).not.toHaveBeenCalled();
});

test('without Flamingock a feature can be tested alone', async () => {
  const feature = FlamingockModule.forFeature({ changes: [_0001__First] });
  const testing = Test.createTestingModule({ imports: [feature], providers: [Client] });
  const module = await compile(withoutFlamingock(testing));
  expect(module.get(Client).calls).toEqual([]);
});

test('in memory each module applies all changes anew, and the store of the application is asked nothing', async () => {
  const { auditStore, touched } = untouchable();
  const made = jest.fn(() => auditStore);
  const application = [
    FlamingockModule.forRoot(options({ auditStore: fromContainer('NOWHERE', made) })),
    FlamingockModule.forRootAsync({
      name: 'billing',
      useFactory: () => options({ service: 'billing', auditStore }),
    }),
    FlamingockModule.forFeature({ changes: [_0002__Second] }),
  ];
  touched.mockClear();
  for (const _ of ['once', 'again']) {
    const module = await compile(withFlamingockInMemory(builder(...application)));
    expect([...module.get(Client).calls].sort()).toEqual(['first', 'first', 'second']);
    const engine = module.get<Flamingock>(getFlamingockToken());
    expect((await engine.plan()).steps.map(({ action }) => action)).toEqual(['skip', 'skip']);
  }
  expect(made).not.toHaveBeenCalled();
  expect(touched).not.toHaveBeenCalled();
});

test('in memory a change that fails rejects the compilation', async () => {
  @Change({ id: 'fails' })
  @TargetSystem('clients')
  class _0001__Fails {
    @Apply()
    apply(_client: Client): void {
      throw new Error('the flag service is closed today');
    }
  }
  await expect(
    compile(
      withFlamingockInMemory(
        builder(FlamingockModule.forRoot(options({ changes: [_0001__Fails] }))).setLogger({
          log: jest.fn(),
          warn: jest.fn(),
          error: jest.fn(),
        }),
      ),
    ),
  ).rejects.toThrow('the flag service is closed today');
});

test('in memory a change that is reserved for the command line is applied too', async () => {
  @Change({ id: 'backfill', runBy: 'cli' })
  @TargetSystem('clients')
  class _0003__Backfill {
    @Apply()
    apply(client: Client): void {
      client.calls.push('backfill');
    }
  }
  const changes = [_0001__First, _0003__Backfill];
  const module = await compile(
    withFlamingockInMemory(builder(FlamingockModule.forRoot(options({ changes })))),
  );
  expect(module.get(Client).calls).toEqual(['first', 'backfill']);
});
