import type { DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSourceOptions } from 'typeorm';
import type { Configuration, Databases } from '../configuration.js';
import { CreateOrders1735689600000 } from './migrations/1735689600000-create-orders.js';

/** A start that fails says why at once; whoever runs the application starts it again. */
const toRetry = (): boolean => false;

function connectionTo(database: 'orders' | 'audit', databases: Databases): DataSourceOptions {
  return databases.type === 'postgres'
    ? { type: 'postgres', url: databases[database] }
    : { type: 'better-sqlite3', database: databases[database], enableWAL: true };
}

/** The application's own database. */
export function ordersDatabase({ databases }: Configuration): DynamicModule {
  return TypeOrmModule.forRoot({
    ...connectionTo('orders', databases),
    toRetry,
    autoLoadEntities: true,
    synchronize: false,
    migrations: [CreateOrders1735689600000],
    migrationsRun: true,
  });
}

/** Where the ledger and the lock live; it holds nothing of the application. */
export function auditDatabase({ databases }: Configuration): DynamicModule {
  return TypeOrmModule.forRoot({
    name: 'audit',
    ...connectionTo('audit', databases),
    toRetry,
    synchronize: false,
  });
}
