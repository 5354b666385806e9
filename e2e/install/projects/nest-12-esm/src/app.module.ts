import { FlamingockModule, fromContainer } from '@flamingock/nestjs';
import { FlamingockHealthIndicator } from '@flamingock/nestjs/terminus';
import { typeormAuditStore, typeormTarget } from '@flamingock/typeorm';
import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { HealthController } from './health.controller.js';

/** Vitest sets the environment. */
const file = (name: string) => (process.env['NODE_ENV'] === 'test' ? ':memory:' : name);

@Module({
  imports: [
    TypeOrmModule.forRoot({ type: 'better-sqlite3', database: file('orders.db') }),
    TypeOrmModule.forRoot({ name: 'audit', type: 'better-sqlite3', database: file('audit.db') }),
    FlamingockModule.forRoot({
      service: 'orders',
      environment: 'fresh-project',
      auditStore: fromContainer(getDataSourceToken('audit'), typeormAuditStore),
      targets: { 'orders-db': fromContainer(DataSource, typeormTarget) },
      changes: { directory: join(import.meta.dirname, 'changes') },
    }),
    TerminusModule,
  ],
  controllers: [HealthController],
  providers: [FlamingockHealthIndicator],
})
export class AppModule {}
