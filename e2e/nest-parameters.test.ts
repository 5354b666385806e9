import 'reflect-metadata';
import {
  Apply,
  Change,
  Inject,
  memoryAuditStore,
  Optional,
  Outside,
  target,
  TargetSystem,
  token,
} from '@flamingock/core';
import { FlamingockModule, fromContainer } from '@flamingock/nestjs';
import { typeormTarget } from '@flamingock/typeorm';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type INestApplicationContext, Injectable, Module, type Provider, Scope } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getDataSourceToken, getRepositoryToken, TypeOrmModule } from '@nestjs/typeorm';
import { Column, DataSource, Entity, EntityManager, PrimaryGeneratedColumn, Repository } from 'typeorm';

@Entity('orders')
class Order {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column('text')
  item!: string;
}

/** Who was given what, in the order of the calls. */
const given: unknown[][] = [];

/** As `getModelToken('Order')` and `getConnectionToken()` of `@nestjs/mongoose` name what they provide. */
const ORDER_MODEL = 'OrderModel';
const CONNECTION = 'DatabaseConnection';
const KAFKA = token<{ readonly brokers: readonly string[] }>(Symbol('KAFKA'));

@Injectable()
class NamingRules {
  readonly column = 'payment_method';
}

@Injectable()
class FlagClient {}

@Injectable({ scope: Scope.REQUEST })
class Tenant {}

const applications: INestApplicationContext[] = [];

afterEach(async () => {
  given.length = 0;
  await Promise.all(applications.splice(0).map((application) => application.close()));
});

async function create(
  change: new (...args: never[]) => object,
  providers: Provider[] = [],
): Promise<INestApplicationContext> {
  @Module({
    imports: [
      TypeOrmModule.forRoot({
        type: 'better-sqlite3',
        database: ':memory:',
        entities: [Order],
        synchronize: true,
      }),
      TypeOrmModule.forFeature([Order]),
      FlamingockModule.forRoot({
        service: 'orders',
        environment: 'test',
        auditStore: memoryAuditStore(),
        targets: {
          'orders-db': fromContainer(DataSource, typeormTarget),
          flags: target({ clients: [FlagClient, ORDER_MODEL, CONNECTION, KAFKA] }),
        },
        changes: [change],
      }),
    ],
    providers: [NamingRules, FlagClient, Tenant, ...providers],
  })
  class AppModule {}
  const application = await NestFactory.createApplicationContext(AppModule, {
    abortOnError: false,
    logger: false,
  });
  applications.push(application);
  return application;
}

function itemsIn(application: INestApplicationContext): Promise<unknown> {
  return application.get(DataSource).query('SELECT item FROM orders ORDER BY item');
}

describe('A change in a transaction of TypeORM is given', () => {
  test('the manager and the repositories of its transaction, and not those of the application', async () => {
    @Change({ id: 'enters' })
    @TargetSystem('orders-db')
    class _0001__Enters {
      @Apply()
      async apply(
        manager: EntityManager,
        @Inject(getRepositoryToken(Order)) orders: Repository<Order>,
      ): Promise<void> {
        given.push([manager, orders]);
        await manager.save(Order, { item: 'kettle' });
        await orders.save({ item: 'tea' });
      }
    }
    const application = await create(_0001__Enters);
    const [[manager, orders] = []] = given;
    expect(manager).not.toBe(application.get(EntityManager));
    expect(orders).not.toBe(application.get(getRepositoryToken(Order)));
    expect((orders as Repository<Order>).manager).toBe(manager);
    expect(await itemsIn(application)).toEqual([{ item: 'kettle' }, { item: 'tea' }]);
  });

  test('both in one transaction, which a failure rolls back', async () => {
    @Change({ id: 'fails' })
    @TargetSystem('orders-db')
    class _0001__Fails {
      @Apply()
      async apply(
        manager: EntityManager,
        @Inject(getRepositoryToken(Order)) orders: Repository<Order>,
      ): Promise<void> {
        await manager.save(Order, { item: 'kettle' });
        await orders.save({ item: 'tea' });
        given.push(await manager.find(Order));
        throw new Error('out of tea');
      }
    }
    await expect(create(_0001__Fails)).rejects.toMatchObject({
      code: 'FLG_CHANGE_FAILED',
      message: expect.stringMatching(/out of tea[^]*its transaction was rolled back/),
    });
    expect(given).toEqual([
      [expect.objectContaining({ item: 'kettle' }), expect.objectContaining({ item: 'tea' })],
    ]);
  });

  test('with @Outside() also a provider of the application, in its constructor and its methods', async () => {
    @Change({ id: 'outside' })
    @TargetSystem('orders-db')
    class _0001__Outside {
      constructor(@Outside() private readonly naming: NamingRules) {}

      @Apply()
      async apply(manager: EntityManager, @Outside() naming: NamingRules): Promise<void> {
        given.push([this.naming, naming]);
        await manager.save(Order, { item: naming.column });
      }
    }
    const application = await create(_0001__Outside);
    const naming = application.get(NamingRules);
    expect(given).toEqual([[naming, naming]]);
    expect(given[0]?.[0]).toBe(naming);
    expect(await itemsIn(application)).toEqual([{ item: 'payment_method' }]);
  });

  test('nothing that would act outside of it without a word', async () => {
    @Change({ id: 'refused' })
    @TargetSystem('orders-db')
    class _0001__Refused {
      @Apply()
      apply(_manager: EntityManager, _naming: NamingRules, _orders: DataSource): void {
        throw new Error('never runs');
      }
    }
    await expect(create(_0001__Refused)).rejects.toMatchObject({
      problems: [
        { code: 'FLG_DEPENDENCY_UNBOUND', message: expect.stringContaining('NamingRules') },
        { code: 'FLG_DEPENDENCY_UNBOUND', message: expect.stringContaining('DataSource') },
      ],
    });
  });
});

describe('A change without a transaction is given the very instances of the application', () => {
  test('of TypeORM: the data source, its manager and its repositories', async () => {
    @Change({ id: 'plain', transactional: false })
    @TargetSystem('orders-db')
    class _0001__Plain {
      @Apply()
      async apply(
        dataSource: DataSource,
        manager: EntityManager,
        @Inject(getRepositoryToken(Order)) orders: Repository<Order>,
        @Inject(getDataSourceToken()) same: DataSource,
      ): Promise<void> {
        given.push([dataSource, manager, orders, same]);
        await dataSource.query(`INSERT INTO orders (item) VALUES ('cups')`);
      }
    }
    const application = await create(_0001__Plain);
    const [values = []] = given;
    const tokens = [DataSource, EntityManager, getRepositoryToken(Order), DataSource];
    expect(values.map((value, index) => value === application.get(tokens[index] as string))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(await itemsIn(application)).toEqual([{ item: 'cups' }]);
  });

  test('by the tokens of models, connections and clients; and nothing for what is optional and not there', async () => {
    const model = { collection: 'orders' };
    const connection = { readyState: 1 };
    const kafka = { brokers: ['kafka:9092'] };
    @Change({ id: 'tokens' })
    @TargetSystem('flags')
    class _0001__Tokens {
      @Apply()
      apply(
        @Inject(ORDER_MODEL) orders: typeof model,
        @Inject(CONNECTION) database: typeof connection,
        @Inject(KAFKA) events: typeof kafka,
        @Optional() @Inject('NOWHERE') nothing: unknown,
      ): void {
        given.push([orders, database, events, nothing]);
      }
    }
    await create(_0001__Tokens, [
      {
        provide: ORDER_MODEL,
        useFactory: (open: object) => (open === connection ? model : undefined),
        inject: [CONNECTION],
      },
      { provide: CONNECTION, useFactory: () => Promise.resolve(connection) },
      { provide: KAFKA.key, useValue: kafka },
    ]);
    expect(given).toEqual([[model, connection, kafka, undefined]]);
  });

  test('but no provider that each request has its own of', async () => {
    @Change({ id: 'scoped' })
    @TargetSystem('flags')
    class _0001__Scoped {
      @Apply()
      apply(_tenant: Tenant): void {
        throw new Error('never runs');
      }
    }
    await expect(create(_0001__Scoped)).rejects.toMatchObject({
      code: 'FLG_DEPENDENCY_SCOPE',
      message: expect.stringMatching(/_0001__Scoped \(apply\(\) parameter 1\).*Tenant is request-scoped/),
    });
  });
});
