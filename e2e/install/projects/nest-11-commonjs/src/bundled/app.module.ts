import { FlamingockModule, fromContainer } from '@flamingock/nestjs';
import { typeormAuditStore, typeormTarget } from '@flamingock/typeorm';
import { Module } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { _0001__CreateOrders } from '../changes/_0001__CreateOrders';

/** As `AppModule`, for a bundle: it has no directory of changes, so they are listed. */
@Module({
  imports: [
    TypeOrmModule.forRoot({ type: 'better-sqlite3', database: 'bundle-orders.db' }),
    TypeOrmModule.forRoot({ name: 'audit', type: 'better-sqlite3', database: 'bundle-audit.db' }),
    FlamingockModule.forRoot({
      service: 'orders',
      environment: 'fresh-project',
      auditStore: fromContainer(getDataSourceToken('audit'), typeormAuditStore),
      targets: { 'orders-db': fromContainer(DataSource, typeormTarget) },
      changes: [_0001__CreateOrders],
    }),
  ],
})
export class BundledAppModule {}
