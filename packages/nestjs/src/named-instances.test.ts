import 'reflect-metadata';
import {
  Apply,
  Change,
  type Flamingock,
  memoryAuditStore,
  NotApplied,
  target,
  TargetSystem,
} from '@flamingock/core';
import { afterEach, expect, jest, test } from '@jest/globals';
import {
  type DynamicModule,
  type INestApplicationContext,
  Injectable,
  type LoggerService,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { setTimeout as pause } from 'node:timers/promises';
import type { FlamingockModuleOptions } from './flamingock-module-options.js';
import { getFlamingockToken, InjectFlamingock } from './flamingock.decorators.js';
import { FlamingockModule } from './flamingock.module.js';

@Injectable()
class Client {
  readonly calls: unknown[] = [];
}

@Change({ id: 'first' })
@TargetSystem('clients')
class _0001__First {
  @Apply()
  apply(client: Client): void {
    client.calls.push('first');
  }
}

/** Options with a ledger of their own. */
function options(overrides: Partial<FlamingockModuleOptions> = {}): FlamingockModuleOptions {
  return {
    service: 'orders',
    environment: 'test',
    auditStore: memoryAuditStore(),
    targets: { clients: target({ clients: [Client] }) },
    changes: [_0001__First],
    ...overrides,
  };
}

const applications: INestApplicationContext[] = [];

afterEach(async () => {
  await Promise.all(applications.splice(0).map((application) => application.close()));
});

async function create(
  imports: NonNullable<DynamicModule['imports']>,
  providers: NonNullable<DynamicModule['providers']> = [],
  logger: LoggerService | false = false,
): Promise<INestApplicationContext> {
  const application = await NestFactory.createApplicationContext(
    { module: class AppModule {}, imports, providers: [Client, ...providers] },
    { abortOnError: false, logger },
  );
  applications.push(application);
  return application;
}

test('each runs its own sequence, is injected by its name, and is closed with the application', async () => {
  @Injectable()
  class Operations {
    constructor(
      @InjectFlamingock() readonly orders: Flamingock,
      @InjectFlamingock('billing') readonly billing: Flamingock,
    ) {}
  }
  const billing = memoryAuditStore();
  const application = await create(
    [
      FlamingockModule.forRoot(options()),
      FlamingockModule.forRootAsync({
        name: 'billing',
        useFactory: () => options({ service: 'billing', auditStore: billing }),
      }),
    ],
    [Operations],
  );
  const operations = application.get(Operations);
  expect(operations.billing).toBe(application.get(getFlamingockToken('billing')));
  expect(operations.billing).not.toBe(operations.orders);
  expect(application.get(Client).calls).toEqual(['first', 'first']);
  expect(await billing.environments('billing', '')).toEqual(['test']);
  await application.close();
  expect([operations.orders, operations.billing].map((engine) => engine.readiness().state)).toEqual([
    'closed',
    'closed',
  ]);
});

test('a change of one may ask for what waits for the other', async () => {
  @Injectable()
  class AfterOrders extends Client {
    constructor(@InjectFlamingock() readonly orders: Flamingock) {
      super();
    }
  }
  @Change({ id: 'asks' })
  @TargetSystem('clients')
  class _0001__Asks {
    @Apply()
    apply(client: AfterOrders): void {
      client.calls.push(client.orders.readiness().state);
    }
  }
  const targets = { clients: target({ clients: [AfterOrders] }) };
  const application = await create(
    [
      FlamingockModule.forRoot(options({ name: 'billing', targets, changes: [_0001__Asks] })),
      FlamingockModule.forRoot(options()),
    ],
    [AfterOrders],
  );
  expect(application.get(AfterOrders).calls).toEqual(['ready']);
});

test('a change of a named one that asks for what waits for it is refused with the way', async () => {
  @Injectable()
  class AfterBilling extends Client {
    constructor(@InjectFlamingock('billing') readonly billing: Flamingock) {
      super();
    }
  }
  @Change({ id: 'asks' })
  @TargetSystem('clients')
  class _0001__Asks {
    @Apply()
    apply(_client: AfterBilling): void {
      throw new Error('never runs');
    }
  }
  const targets = { clients: target({ clients: [AfterBilling] }) };
  await expect(
    create(
      [FlamingockModule.forRoot(options({ name: 'billing', targets, changes: [_0001__Asks] }))],
      [AfterBilling],
    ),
  ).rejects.toMatchObject({
    code: 'FLG_DEPENDENCY_CYCLE',
    message: expect.stringMatching(/AfterBilling -> FLAMINGOCK:billing/),
  });
});

test('two whose changes wait for each other are refused with the way, which names both', async () => {
  @Injectable()
  class AfterOrders extends Client {
    constructor(@InjectFlamingock('orders') readonly orders: Flamingock) {
      super();
    }
  }
  @Injectable()
  class AfterBilling extends Client {
    constructor(@InjectFlamingock('billing') readonly billing: Flamingock) {
      super();
    }
  }
  @Change({ id: 'bills' })
  class _0001__Bills {
    @Apply()
    apply(_client: AfterOrders): void {
      throw new Error('never runs');
    }
  }
  @Change({ id: 'orders' })
  class _0001__Orders {
    @Apply()
    apply(_client: AfterBilling): void {
      throw new Error('never runs');
    }
  }
  const instance = (name: string, change: typeof _0001__Bills | typeof _0001__Orders): DynamicModule => {
    const targets = { clients: target({ clients: [AfterOrders, AfterBilling] }) };
    return FlamingockModule.forRoot(options({ name, targets, changes: [change] }));
  };
  const created = create(
    [instance('billing', _0001__Bills), instance('orders', _0001__Orders)],
    [AfterOrders, AfterBilling],
  );
  await expect(created).rejects.toMatchObject({
    code: 'FLG_DEPENDENCY_CYCLE',
    message: expect.stringMatching(/FLAMINGOCK:(\w+) -> After\w+ -> FLAMINGOCK:(?!\1)\w+\./),
  });
});

test('one that fails is not told of before the others have ended their current change; they start no other', async () => {
  let fail = (): void => undefined;
  const begun = new Promise<void>((resolve) => (fail = resolve));
  const ended: string[] = [];
  @Change({ id: 'slow' })
  @TargetSystem('clients')
  class _0001__Slow {
    @Apply()
    async apply(_client: Client): Promise<void> {
      fail();
      await pause(100);
      ended.push('slow');
    }
  }
  @Change({ id: 'next' })
  @TargetSystem('clients')
  class _0002__Next {
    @Apply()
    apply(_client: Client): void {
      ended.push('next');
    }
  }
  @Change({ id: 'fails' })
  @TargetSystem('clients')
  class _0001__Fails {
    @Apply()
    async apply(_client: Client): Promise<void> {
      await begun;
      throw new NotApplied('closed today');
    }
  }
  await expect(
    create([
      FlamingockModule.forRoot(options({ changes: [_0001__Slow, _0002__Next] })),
      FlamingockModule.forRoot(options({ name: 'billing', changes: [_0001__Fails] })),
    ]),
  ).rejects.toMatchObject({ code: 'FLG_CHANGE_FAILED' });
  expect(ended).toEqual(['slow']);
});

test('each is told apart in the log', async () => {
  const log = jest.fn();
  await create([FlamingockModule.forRoot(options({ name: 'billing' }))], [], {
    log,
    warn: jest.fn(),
    error: jest.fn(),
  });
  const contexts = log.mock.calls.map(([, context]) => context);
  expect(contexts).toContain('Flamingock:billing');
  expect(contexts).not.toContain('Flamingock');
});

test.each<[string, string | undefined, RegExp]>([
  ['without a name', undefined, /imported several times without a name[^]*give each further instance a name/],
  ['with the same name', 'billing', /imported several times with the name 'billing'/],
])('two %s are one coded error, before anything runs', async (_, name, message) => {
  const twice = [memoryAuditStore(), memoryAuditStore()];
  const instances = twice.map((auditStore) =>
    FlamingockModule.forRoot(options(name === undefined ? { auditStore } : { auditStore, name })),
  );
  await expect(create(instances)).rejects.toMatchObject({
    code: 'FLG_OPTION_INVALID',
    message: expect.stringMatching(message),
  });
  const ledgers = await Promise.all(twice.map((store) => store.environments('orders', '')));
  expect(ledgers.flat()).toEqual([]);
});

test('one that two modules import is one', async () => {
  const instance = FlamingockModule.forRoot(options());
  const application = await create([{ module: class Other {}, imports: [instance] }, instance]);
  expect(application.get(Client).calls).toEqual(['first']);
});

test('a factory that returns no options is a coded error', async () => {
  const nothing = FlamingockModule.forRootAsync({ useFactory: () => undefined as never });
  await expect(create([nothing])).rejects.toMatchObject({ code: 'FLG_OPTION_INVALID' });
});

test('all that is wrong with the options is told together', async () => {
  const wrong = {
    ...options({ service: '', resolutionTimeoutMs: 0 }),
    container: {},
    logger: console,
    enviroment: 'test',
  };
  const created = create([
    FlamingockModule.forRootAsync({ name: ' ', useFactory: () => wrong, inyect: [] } as never),
  ]);
  const message = await created.then(String, (error: unknown) => (error as Error).message);
  for (const told of [
    /forRootAsync\(\) does not know the option 'inyect'[^]*Did you mean 'inject'/,
    /forRootAsync\(\): name must be a text/,
    /service is missing/,
    /resolutionTimeoutMs \(0\)/,
    /option 'container'/,
    /option 'logger'/,
    /'enviroment'/,
  ])
    expect(message).toMatch(told);
});
