import 'reflect-metadata';
import { token, type Token } from '@flamingock/core';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  forwardRef,
  Global,
  Inject,
  Injectable,
  type INestApplicationContext,
  Module,
  type ModuleMetadata,
  Scope,
  type Type,
} from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { setTimeout as pause } from 'node:timers/promises';
import { FLAMINGOCK, FLAMINGOCK_ENTRANCE } from '../flamingock.constants.js';
import { AskedProviders } from './asked-providers.js';
import { resolver } from './resolver.js';

@Injectable()
class Orders {}

@Injectable()
class UsesOrders {
  constructor(readonly orders: Orders) {}
}

@Injectable({ scope: Scope.REQUEST })
class Tenant {}

@Injectable({ scope: Scope.TRANSIENT })
class Counter {}

@Injectable()
class UsesTenant {
  constructor(readonly tenant: Tenant) {}
}

@Injectable()
class AuditTrail {
  constructor(@Inject(FLAMINGOCK) readonly flamingock: unknown) {}
}

@Injectable()
class Reports {
  @Inject(AuditTrail) readonly trail!: AuditTrail;
}

const applications: INestApplicationContext[] = [];

afterEach(async () => {
  await Promise.all(applications.splice(0).map((application) => application.close()));
});

/** Creates an application whose run asks for a token, as a change does. */
async function ask(
  asked: Token,
  metadata: ModuleMetadata,
  {
    timeoutMs = 10_000,
    look = () => undefined,
  }: { timeoutMs?: number; look?: (value: unknown) => void } = {},
): Promise<{ answer: { readonly value: unknown } | undefined; application: INestApplicationContext }> {
  let answer: { readonly value: unknown } | undefined;

  @Global()
  @Module({
    providers: [
      {
        provide: FLAMINGOCK,
        inject: [ModulesContainer],
        useFactory: async (modules: ModulesContainer) => {
          answer = await resolver(
            modules,
            new AskedProviders(),
            undefined,
            timeoutMs,
          )({ token: asked, asker: '_0001__A (apply() parameter 1)' });
          look(answer?.value);
          return {};
        },
      },
    ],
    exports: [FLAMINGOCK],
  })
  class Core {}

  @Module({ imports: [Core], providers: [{ provide: FLAMINGOCK_ENTRANCE, useValue: { name: undefined } }] })
  class Entrance {}

  @Module({ ...metadata, imports: [Entrance, ...(metadata.imports ?? [])] })
  class Application {}

  const application = await NestFactory.createApplicationContext(Application, {
    logger: false,
    abortOnError: false,
  });
  applications.push(application);
  return { answer, application };
}

function moduleOf(metadata: ModuleMetadata, name: string): Type {
  @Module(metadata)
  class Feature {}
  return Object.defineProperty(Feature, 'name', { value: name });
}

const LATER = {
  provide: 'LATER',
  useFactory: async () => {
    await pause(120);
    return 'ready';
  },
};

describe('what a change is given', () => {
  test('is the instance of the application, of a module that does not export it', async () => {
    const Feature = moduleOf({ providers: [Orders, UsesOrders] }, 'Feature');
    const { answer, application } = await ask(Orders, { imports: [Feature] });
    expect(answer?.value).toBe(application.get(Orders));
    expect(answer?.value).toBe(application.get(UsesOrders).orders);
  });

  test.each<[string, Token]>([
    ['a string', 'KAFKA'],
    ['a typed token', token<object>('KAFKA')],
  ])('is found by %s', async (_, asked) => {
    const kafka = {};
    const { answer } = await ask(asked, { providers: [{ provide: 'KAFKA', useValue: kafka }] });
    expect(answer?.value).toBe(kafka);
  });

  test('is found by a symbol and behind another name', async () => {
    const KAFKA = Symbol('kafka');
    const providers = [Orders, { provide: KAFKA, useExisting: Orders }];
    const { answer, application } = await ask(KAFKA, { providers });
    expect(answer?.value).toBe(application.get(Orders));
  });

  test('is waited for while it is being made', async () => {
    const { answer } = await ask('LATER', { providers: [LATER] });
    expect(answer?.value).toBe('ready');
  });

  test('is complete also within a circle of forward references', async () => {
    @Injectable()
    class Left {
      constructor(
        @Inject(forwardRef(() => Right)) readonly right: unknown,
        @Inject('LATER') readonly later: string,
      ) {}
    }
    @Injectable()
    class Right {
      constructor(@Inject(forwardRef(() => Left)) readonly left: unknown) {}
    }
    const seen: unknown[] = [];
    const look = (left: unknown): void => void seen.push((left as Left).later);
    const { answer, application } = await ask(Left, { providers: [Left, Right, LATER] }, { look });
    expect(answer?.value).toBe(application.get(Left));
    expect(seen).toEqual(['ready']);
  });

  test('is nothing where nothing is provided', async () => {
    expect((await ask(Orders, {})).answer).toBeUndefined();
  });

  test('fails with the error of a provider that fails', async () => {
    const failing = { provide: 'DB', useFactory: () => Promise.reject(new TypeError('no database')) };
    await expect(ask('DB', { providers: [failing] })).rejects.toThrow(new TypeError('no database'));
  });
});

describe('a token of several modules', () => {
  const one = { provide: 'DB', useFactory: () => ({ of: 'one' }) };
  const two = { provide: 'DB', useFactory: () => ({ of: 'two' }) };

  test('means what the module that imports Flamingock sees: its own', async () => {
    const imports = [moduleOf({ providers: [two], exports: ['DB'] }, 'Two')];
    const { answer } = await ask('DB', { imports, providers: [one] });
    expect(answer?.value).toEqual({ of: 'one' });
  });

  test('or what is exported to it, also through another module', async () => {
    const Two = moduleOf({ providers: [two], exports: ['DB'] }, 'Two');
    const imports = [
      moduleOf({ providers: [one] }, 'One'),
      moduleOf({ imports: [Two], exports: [Two] }, 'ReExports'),
    ];
    const { answer } = await ask('DB', { imports });
    expect(answer?.value).toEqual({ of: 'two' });
  });

  test('is refused when each has its own and none is seen', async () => {
    const imports = [moduleOf({ providers: [one] }, 'One'), moduleOf({ providers: [two] }, 'Two')];
    await expect(ask('DB', { imports })).rejects.toMatchObject({
      code: 'FLG_DEPENDENCY_UNRESOLVED',
      message: expect.stringMatching(/_0001__A \(apply\(\) parameter 1\) asks for DB.*: One, Two\./),
    });
  });

  test('is fine when all provide the same instance', async () => {
    const shared = {};
    const provider = { provide: 'DB', useFactory: () => shared };
    const imports = [moduleOf({ providers: [provider] }, 'One'), moduleOf({ providers: [provider] }, 'Two')];
    expect((await ask('DB', { imports })).answer?.value).toBe(shared);
  });
});

describe('a provider without a single instance is refused with its path', () => {
  test.each<[string, Token, RegExp]>([
    ['request-scoped', Tenant, /: Tenant is request-scoped/],
    ['request-scoped because of what it injects', UsesTenant, /: UsesTenant -> Tenant is request-scoped/],
    ['transient', Counter, /: Counter is transient/],
    ['another name for a transient one', 'ALIAS', /: ALIAS -> Counter is transient/],
  ])('%s', async (_, asked, message) => {
    const providers = [Tenant, UsesTenant, Counter, { provide: 'ALIAS', useExisting: Counter }];
    await expect(ask(asked, { providers })).rejects.toMatchObject({
      code: 'FLG_DEPENDENCY_SCOPE',
      message: expect.stringMatching(message),
    });
  });
});

describe('a provider that waits for the run is refused with its path', () => {
  test.each<[string, Token, string]>([
    ['directly', AuditTrail, 'AuditTrail -> FLAMINGOCK'],
    ['through a property', Reports, 'Reports -> AuditTrail -> FLAMINGOCK'],
    ['through a factory that is slow otherwise', 'SLOW', 'SLOW -> Reports -> AuditTrail -> FLAMINGOCK'],
    ['behind another name', 'ALIAS', 'ALIAS -> AuditTrail -> FLAMINGOCK'],
  ])('%s', async (_, asked, path) => {
    const providers = [
      LATER,
      AuditTrail,
      Reports,
      { provide: 'SLOW', useFactory: () => 1, inject: ['LATER', Reports] },
      { provide: 'ALIAS', useExisting: AuditTrail },
    ];
    await expect(ask(asked, { providers })).rejects.toMatchObject({
      code: 'FLG_DEPENDENCY_CYCLE',
      message: expect.stringContaining(`waits for the run to be over: ${path}.`),
    });
  });
});

test('a provider that is never ready ends the start after the deadline and is named', async () => {
  const never = { provide: 'NEVER', useFactory: () => new Promise<never>(() => undefined) };
  const above = { provide: 'ABOVE', useFactory: () => 1, inject: ['LATER', ModulesContainer, 'NEVER'] };
  await expect(ask('ABOVE', { providers: [LATER, never, above] }, { timeoutMs: 300 })).rejects.toMatchObject({
    code: 'FLG_DEPENDENCY_UNRESOLVED',
    message: expect.stringContaining('not ready after 300 ms; it waits for: ABOVE -> NEVER.'),
  });
});
