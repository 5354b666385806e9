import 'reflect-metadata';
import {
  Apply,
  Change,
  type ChangeSource,
  type Flamingock,
  memoryAuditStore,
  target,
  TargetSystem,
} from '@flamingock/core';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type DynamicModule, type INestApplicationContext, Injectable, Module } from '@nestjs/common';
import { LazyModuleLoader, NestFactory } from '@nestjs/core';
import type { FlamingockModuleOptions } from '../flamingock-module-options.js';
import { getFlamingockToken } from '../flamingock.decorators.js';
import { FlamingockModule } from '../flamingock.module.js';

/** Two features have a client of this name, each its own. */
@Injectable()
class Mailbox {
  readonly calls: string[] = [];
}

@Injectable()
class Catalogue {
  readonly calls: string[] = [];
}

function change(order: number, id: string): new (...args: never[]) => object {
  @Change({ id, order: String(order) })
  @TargetSystem('clients')
  class Contribution {
    @Apply()
    apply(mailbox: Mailbox, catalogue: Catalogue): void {
      mailbox.calls.push(id);
      catalogue.calls.push(id);
    }
  }
  return Contribution;
}

function options(overrides: Partial<FlamingockModuleOptions> = {}): FlamingockModuleOptions {
  return {
    service: 'orders',
    environment: 'test',
    auditStore: memoryAuditStore(),
    targets: { clients: target({ clients: [Mailbox, Catalogue] }) },
    ...overrides,
  };
}

const applications: INestApplicationContext[] = [];

afterEach(async () => {
  await Promise.all(applications.splice(0).map((application) => application.close()));
});

async function create(...imports: NonNullable<DynamicModule['imports']>): Promise<INestApplicationContext> {
  const application = await NestFactory.createApplicationContext(
    { module: class AppModule {}, imports },
    { abortOnError: false, logger: false },
  );
  applications.push(application);
  return application;
}

/** A feature with a mailbox of its own, and one catalogue for all. */
function feature(changes: ChangeSource, name?: string): { readonly module: DynamicModule; mailbox: Mailbox } {
  const mailbox = new Mailbox();
  const contribution = FlamingockModule.forFeature(name === undefined ? { changes } : { changes, name });
  class FeatureModule {}
  const providers = [{ provide: Mailbox, useValue: mailbox }];
  return { mailbox, module: { module: FeatureModule, imports: [contribution], providers } };
}

@Module({ providers: [Catalogue] })
class CatalogueModule {}

describe('what features contribute', () => {
  test('runs in one sequence with the changes of forRoot, wherever the features are imported', async () => {
    const before = feature([change(4, 'fourth'), change(1, 'first')]);
    const after = feature([{ changes: [change(2, 'second')] }]);
    const own = new Mailbox();
    const application = await create(
      before.module,
      FlamingockModule.forRoot(options({ changes: [change(3, 'third')] })),
      { module: class OwnModule {}, providers: [{ provide: Mailbox, useValue: own }], exports: [Mailbox] },
      after.module,
      CatalogueModule,
    );
    expect(application.get(Catalogue, { strict: false }).calls).toEqual([
      'first',
      'second',
      'third',
      'fourth',
    ]);
    expect(application.get<Flamingock>(getFlamingockToken()).readiness()).toMatchObject({ applied: 4 });
    // Each asked for the mailbox in the scope of its own module.
    expect(before.mailbox.calls).toEqual(['first', 'fourth']);
    expect(after.mailbox.calls).toEqual(['second']);
    expect(own.calls).toEqual(['third']);
  });

  test('may be the whole sequence', async () => {
    const { module, mailbox } = feature([change(1, 'first')]);
    await create(FlamingockModule.forRoot(options()), module, CatalogueModule);
    expect(mailbox.calls).toEqual(['first']);
  });

  test('goes to the instance that it names', async () => {
    const billing = feature([change(1, 'first')], 'billing');
    const orders = feature([change(1, 'first'), change(2, 'second')]);
    const application = await create(
      FlamingockModule.forRoot(options()),
      FlamingockModule.forRootAsync({ name: 'billing', useFactory: () => options({ service: 'billing' }) }),
      billing.module,
      orders.module,
      CatalogueModule,
    );
    const engine = (name?: string): Flamingock => application.get(getFlamingockToken(name));
    expect(engine().readiness()).toMatchObject({ ready: true, applied: 2 });
    expect(engine('billing').readiness()).toMatchObject({ ready: true, applied: 1 });
    expect([orders.mailbox.calls, billing.mailbox.calls]).toEqual([['first', 'second'], ['first']]);
  });

  test('is refused with two changes of one order, each named', async () => {
    const { module } = feature([change(1, 'first')]);
    await expect(
      create(FlamingockModule.forRoot(options({ changes: [change(1, 'other')] })), module, CatalogueModule),
    ).rejects.toMatchObject({ code: 'FLG_CHANGE_ORDER_DUPLICATE' });
  });
});

describe('changes of a feature that would never run fail the creation', () => {
  test('because no module makes the instance', async () => {
    await expect(create(feature([change(1, 'first')]).module)).rejects.toMatchObject({
      code: 'FLG_OPTION_INVALID',
      message: expect.stringMatching(/forFeature\(\).*the instance without a name, which no module makes/),
    });
  });

  test('because its name is not the one that the instance has', async () => {
    const { module } = feature([change(1, 'first')], 'biling');
    const root = FlamingockModule.forRoot(options({ name: 'billing', changes: [change(1, 'first')] }));
    const mailbox = { module: class OwnModule {}, providers: [Mailbox] };
    await expect(create(root, module, mailbox, CatalogueModule)).rejects.toMatchObject({
      code: 'FLG_OPTION_INVALID',
      message: expect.stringMatching(/the instance 'biling', which no module makes/),
    });
  });

  test('because it is loaded when the sequence is complete already', async () => {
    const application = await create(
      FlamingockModule.forRoot(options()),
      feature([change(1, 'first')]).module,
      CatalogueModule,
    );
    const late = feature([change(2, 'second')]);
    await expect(application.get(LazyModuleLoader).load(() => late.module)).rejects.toMatchObject({
      code: 'FLG_OPTION_INVALID',
      message: expect.stringMatching(/has run already: its module was loaded afterwards/),
    });
    expect(late.mailbox.calls).toEqual([]);
  });
});

test('what is wrong with a feature is told with everything else', async () => {
  const contribution = FlamingockModule.forFeature({ changes: [change(1, 'first')], nmae: 'x' } as never);
  await expect(
    create(contribution, FlamingockModule.forRoot(options({ service: '' })), CatalogueModule),
  ).rejects.toMatchObject({
    code: 'FLG_SEVERAL_PROBLEMS',
    message: expect.stringMatching(/forFeature\(\) does not know the option 'nmae'[^]*service is missing/),
  });
});
