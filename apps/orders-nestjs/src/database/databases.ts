import type { DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Configuration } from '../configuration.js';
import { CreateOrders1735689600000 } from './migrations/1735689600000-create-orders.js';

/** A file that cannot be opened now cannot be opened in three seconds either. */
const toRetry = (): boolean => false;

/** The application's own database. */
export function ordersDatabase(configuration: Configuration): DynamicModule {
  return TypeOrmModule.forRoot({
    type: 'better-sqlite3',
    database: configuration.ordersDatabase,
    enableWAL: true,
    toRetry,
    autoLoadEntities: true,
    synchronize: false,
    migrations: [CreateOrders1735689600000],
    migrationsRun: true,
  });
}

/** Where the ledger and the lock live; it holds nothing of the application. */
export function auditDatabase(configuration: Configuration): DynamicModule {
  return TypeOrmModule.forRoot({
    name: 'audit',
    type: 'better-sqlite3',
    database: configuration.auditDatabase,
    enableWAL: true,
    toRetry,
    synchronize: false,
  });
}
