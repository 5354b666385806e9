import 'reflect-metadata';
import {
  Apply,
  Change,
  type Class,
  defineChange,
  type Flamingock,
  Inject as Asks,
  memoryAuditStore,
  memoryTarget,
  MemoryValues,
  NotApplied,
  Optional,
  target,
  TargetSystem,
  type Verdict,
  Verify,
} from '@flamingock/core';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import {
  type INestApplication,
  Injectable,
  Logger,
  type LoggerService,
  Module,
  type ModuleMetadata,
  type OnModuleInit,
} from '@nestjs/common';
import { ModuleRef, NestFactory } from '@nestjs/core';
import { setTimeout as pause } from 'node:timers/promises';
import type { FlamingockModuleOptions, FlamingockOptionsFactory } from './flamingock-module-options.js';
import { getFlamingockToken, InjectFlamingock } from './flamingock.decorators.js';
import { FlamingockModule } from './flamingock.module.js';
import { fromContainer } from './from-container.js';

@Injectable()
class FlagClient {
  readonly calls: unknown[] = [];
}

@Injectable()
class FlagNames {}

abstract class NotProvided {
  abstract readonly provided: false;
}

@Module({ providers: [FlagClient, FlagNames, { provide: 'REGION', useValue: 'eu' }] })
class FlagsModule {}

@Change({ id: 'create-flag' })
@TargetSystem('flags')
class _0001__CreateFlag {
  constructor(private readonly names: FlagNames) {}

  @Apply()
  async apply(
    flags: FlagClient,
    @Asks('REGION') region: string,
    @Optional() none?: NotProvided,
  ): Promise<void> {
    await pause(20);
    flags.calls.push(this.names, region, none);
  }
}

@Change({ id: 'refused' })
@TargetSystem('flags')
class _0002__Refused {
  @Apply()
  apply(): void {
    throw new NotApplied('the flag service is closed today');
  }
}

@Change({ id: 'asks-for-nothing-known' })
@TargetSystem('flags')
class _0003__AsksForNothingKnown {
  @Apply()
  apply(_nothing: NotProvided): void {
    throw new Error('never runs');
  }
}

/** Options with a ledger of their own. */
function options(overrides: Partial<FlamingockModuleOptions> = {}): FlamingockModuleOptions {
  return {
    service: 'orders',
    environment: 'test',
    auditStore: memoryAuditStore(),
    targets: { flags: target({ clients: [FlagClient, FlagNames] }) },
    changes: [_0001__CreateFlag],
    ...overrides,
  };
}

const applications: INestApplication[] = [];

afterEach(async () => {
  await Promise.all(applications.splice(0).map((application) => application.close()));
});

async function create(
  { imports = [], ...metadata }: ModuleMetadata,
  logger: LoggerService | false = false,
): Promise<INestApplication> {
  @Module({ imports: [FlagsModule, ...imports], ...metadata })
  class AppModule {}
  const application = await NestFactory.create(AppModule, { abortOnError: false, logger });
  applications.push(application);
  return application;
}

function callsOf(application: INestApplication): unknown[] {
  return application.get(FlagClient, { strict: false }).calls;
}

describe('an application that imports FlamingockModule', () => {
  test('is created when its changes are applied, with its own instances', async () => {
    const application = await create({ imports: [FlamingockModule.forRoot(options())] });
    const calls = callsOf(application);
    expect(calls.slice(1)).toEqual(['eu', undefined]);
    expect(calls[0]).toBe(application.get(FlagNames, { strict: false }));
  });

  test('runs no lifecycle hook of any module before that', async () => {
    let applied: number | undefined;
    @Module({})
    class SiblingModule implements OnModuleInit {
      constructor(private readonly moduleRef: ModuleRef) {}
      onModuleInit(): void {
        applied = this.moduleRef.get(FlagClient, { strict: false }).calls.length;
      }
    }
    const application = await create({ imports: [SiblingModule, FlamingockModule.forRoot(options())] });
    expect(applied).toBeUndefined();
    await application.init();
    expect(applied).toBe(3);
  });

  test('applies nothing when it is created again', async () => {
    const same = options();
    await create({ imports: [FlamingockModule.forRoot(same)] });
    const application = await create({ imports: [FlamingockModule.forRoot(same)] });
    expect(callsOf(application)).toEqual([]);
  });

  test('can inject the engine into any module, and closes it when it is closed', async () => {
    @Module({})
    class OperationsModule {
      constructor(@InjectFlamingock() readonly flamingock: Flamingock) {}
    }
    const application = await create({ imports: [OperationsModule, FlamingockModule.forRoot(options())] });
    const { flamingock } = application.get(OperationsModule);
    expect(flamingock.readiness()).toMatchObject({ ready: true, applied: 1 });
    await application.close();
    expect(flamingock.readiness()).toMatchObject({ ready: false, state: 'closed' });
  });

  test('waits, when it is closed, for what the engine still does for a person', async () => {
    const order: string[] = [];
    let begun = (): void => undefined;
    const looksAlready = new Promise<void>((resolve) => (begun = resolve));
    @Change({ id: 'create-flag' })
    @TargetSystem('flags')
    class _0001__LooksSlowly {
      @Apply()
      apply(flags: FlagClient): void {
        flags.calls.push('applied');
      }

      @Verify()
      async verify(_flags: FlagClient): Promise<Verdict> {
        begun();
        await pause(50);
        order.push('looked');
        return 'APPLIED';
      }
    }
    const application = await create({
      imports: [FlamingockModule.forRoot(options({ changes: [_0001__LooksSlowly] }))],
    });
    const looking = application.get<Flamingock>(getFlamingockToken()).verify();
    await looksAlready;
    await application.close();
    order.push('closed');
    await looking;
    expect(order).toEqual(['looked', 'closed']);
  });

  test('reads about the run in its own logger', async () => {
    const log = jest.fn();
    const logger = { log, warn: jest.fn(), error: jest.fn() };
    await create({ imports: [FlamingockModule.forRoot(options())] }, logger);
    const lines = log.mock.calls.filter(([, context]) => context === 'Flamingock').map(([line]) => line);
    expect(lines).toContainEqual(expect.stringContaining('_0001__CreateFlag'));
  });

  test('gives its Logger and ConfigService also to a transactional change, and nothing else of its own', async () => {
    // As `@nestjs/config` has it: the class is known by the module that makes its one instance.
    class ConfigService {
      readonly region = 'eu';
    }
    const make = { provide: Symbol('CONFIG_SERVICE'), useClass: ConfigService };
    @Module({ providers: [make], exports: [make] })
    class ConfigHostModule {}
    const pass = { provide: ConfigService, useExisting: make.provide };
    @Module({ imports: [ConfigHostModule], providers: [pass, Logger, FlagNames] })
    class ConfigModule {}
    const written = jest.fn();
    const start = (inject: Record<string, Class>): Promise<INestApplication> => {
      const apply = (clients: object): void => void written(Object.values(clients));
      const changes = [defineChange({ id: 'writes', order: 1, name: 'Writes', inject, apply })];
      const memory = options({ targets: { memory: memoryTarget() }, changes });
      return create({ imports: [ConfigModule, FlamingockModule.forRoot(memory)] });
    };
    await start({ values: MemoryValues, config: ConfigService, logger: Logger });
    expect(written).toHaveBeenCalledWith([expect.anything(), { region: 'eu' }, expect.any(Logger)]);
    await expect(start({ values: MemoryValues, names: FlagNames })).rejects.toMatchObject({
      code: 'FLG_DEPENDENCY_UNBOUND',
    });
  });
});

describe('options', () => {
  test('may be made of other providers', async () => {
    @Injectable()
    class Configuration {
      readonly environment = 'staging';
    }
    @Module({ providers: [Configuration], exports: [Configuration] })
    class ConfigurationModule {}
    const auditStore = memoryAuditStore();
    const application = await create({
      imports: [
        FlamingockModule.forRootAsync({
          imports: [ConfigurationModule],
          inject: [Configuration],
          useFactory: ({ environment }: Configuration) => options({ environment, auditStore }),
        }),
      ],
    });
    expect(callsOf(application)).toHaveLength(3);
    expect(await auditStore.environments('orders', '')).toEqual(['staging']);
  });

  test('may come from a class', async () => {
    @Injectable()
    class OptionsFactory implements FlamingockOptionsFactory {
      createFlamingockOptions(): FlamingockModuleOptions {
        return options();
      }
    }
    const application = await create({
      imports: [FlamingockModule.forRootAsync({ useClass: OptionsFactory })],
    });
    expect(callsOf(application)).toHaveLength(3);
  });

  test('may be made of what the application provides, exported or not', async () => {
    const auditStore = memoryAuditStore();
    const made = jest.fn((_database: { readonly url: string }, _prefix: string) => auditStore);
    @Module({ providers: [{ provide: 'DATABASE', useValue: { url: 'memory:' } }] })
    class DatabaseModule {}
    const application = await create({
      imports: [
        DatabaseModule,
        FlamingockModule.forRoot(
          options({
            auditStore: fromContainer('DATABASE', made, 'flamingock_'),
            targets: { flags: fromContainer(FlagClient, () => target({ clients: [FlagClient, FlagNames] })) },
            dependencies: [
              { token: 'REGION', value: fromContainer('REGION', (region: string) => `${region}-1`) },
            ],
          }),
        ),
      ],
    });
    expect(made).toHaveBeenCalledWith({ url: 'memory:' }, 'flamingock_');
    expect(callsOf(application)[1]).toBe('eu-1');
    expect(await auditStore.environments('orders', '')).toEqual(['test']);
  });
});

describe('the create call is rejected with one coded error', () => {
  test.each<[string, string, Partial<FlamingockModuleOptions>, RegExp]>([
    [
      'a change that fails',
      'FLG_CHANGE_FAILED',
      { changes: [_0001__CreateFlag, _0002__Refused] },
      /closed today/,
    ],
    ['an unknown option', 'FLG_OPTION_UNKNOWN', { enviroment: 'x' } as object, /enviroment/],
    ['no service', 'FLG_OPTION_INVALID', { service: '' }, /service/],
    ['a time that is none', 'FLG_OPTION_INVALID', { resolutionTimeoutMs: NaN }, /resolutionTimeoutMs/],
    [
      'an option of what nobody provides',
      'FLG_OPTION_INVALID',
      { auditStore: fromContainer('AUDIT', () => memoryAuditStore()) },
      /option auditStore is made of AUDIT/,
    ],
    [
      'a parameter that nobody provides',
      'FLG_DEPENDENCY_UNRESOLVED',
      { changes: [_0003__AsksForNothingKnown] },
      /NotProvided.*Nest[^]*Add it to the providers of a module/,
    ],
  ])('%s', async (_, code, overrides, message) => {
    const created = create({ imports: [FlamingockModule.forRoot(options(overrides))] });
    await expect(created).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('a parameter whose provider waits for the run', async () => {
    @Injectable()
    class AuditTrail {
      constructor(@InjectFlamingock() readonly flamingock: Flamingock) {}
    }
    @Change({ id: 'waits' })
    @TargetSystem('flags')
    class _0001__Waits {
      @Apply()
      apply(_trail: AuditTrail): void {
        throw new Error('never runs');
      }
    }
    const imports = [FlamingockModule.forRoot(options({ changes: [_0001__Waits] }))];
    await expect(create({ imports, providers: [AuditTrail] })).rejects.toMatchObject({
      code: 'FLG_DEPENDENCY_CYCLE',
      message: expect.stringMatching(/_0001__Waits \(apply\(\) parameter 1\).*AuditTrail -> FLAMINGOCK/),
    });
  });
});
