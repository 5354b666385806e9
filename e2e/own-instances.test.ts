import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Apply, Change, httpTarget, TargetSystem } from '@flamingock/core';
import { FlamingockModule, fromContainer } from '@flamingock/nestjs';
import { typeormAuditStore, typeormTarget } from '@flamingock/typeorm';
import { Injectable, Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, EntityManager } from 'typeorm';

/** What the changes were given, by name. */
const given = new Map<string, unknown>();

@Injectable()
class ContractClient {}

@Injectable()
class GatewayClient {
  constructor(readonly contracts: ContractClient) {}
}

@Change({ id: 'in-a-transaction' })
@TargetSystem('orders-db')
class _0001__InATransaction {
  @Apply()
  apply(manager: EntityManager): void {
    given.set('manager', manager);
  }
}

@Change({ id: 'outside-a-transaction', transactional: false })
@TargetSystem('orders-db')
class _0002__OutsideATransaction {
  @Apply()
  apply(dataSource: DataSource): void {
    given.set('dataSource', dataSource);
  }
}

@Change({ id: 'over-http' })
@TargetSystem('platform')
class _0003__OverHttp {
  constructor(private readonly contracts: ContractClient) {}

  @Apply()
  apply(gateway: GatewayClient): void {
    given.set('contracts', this.contracts).set('gateway', gateway);
  }
}

@Module({
  imports: [
    TypeOrmModule.forRoot({ type: 'better-sqlite3', database: ':memory:' }),
    TypeOrmModule.forRoot({ name: 'audit', type: 'better-sqlite3', database: ':memory:' }),
    FlamingockModule.forRoot({
      service: 'orders',
      environment: 'test',
      auditStore: fromContainer(getDataSourceToken('audit'), typeormAuditStore),
      targets: {
        'orders-db': fromContainer(DataSource, typeormTarget),
        platform: httpTarget({ clients: [ContractClient, GatewayClient] }),
      },
      changes: [_0001__InATransaction, _0002__OutsideATransaction, _0003__OverHttp],
    }),
  ],
  providers: [ContractClient, GatewayClient],
})
class ApplicationModule {}

describe('What changes are given', () => {
  let application: INestApplicationContext;

  beforeAll(async () => {
    application = await NestFactory.createApplicationContext(ApplicationModule, {
      logger: false,
      abortOnError: false,
    });
  });
  afterAll(() => application.close());

  it("is the application's own DataSource, and in a transaction a manager of it", () => {
    const dataSource = application.get(DataSource);
    expect(given.get('dataSource')).toBe(dataSource);
    const manager = given.get('manager') as EntityManager;
    expect(manager.dataSource).toBe(dataSource);
    expect(manager).not.toBe(dataSource.manager);
  });

  it("is the application's own clients, in parameters of the constructor and of the method", () => {
    expect(given.get('contracts')).toBe(application.get(ContractClient));
    expect(given.get('gateway')).toBe(application.get(GatewayClient));
  });
});
