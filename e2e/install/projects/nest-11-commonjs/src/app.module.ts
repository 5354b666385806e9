import { FlamingockModule, fromContainer } from '@flamingock/nestjs';
import { typeormAuditStore, typeormTarget } from '@flamingock/typeorm';
import { Module } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { join } from 'path';
import { DataSource } from 'typeorm';

/** Jest sets the environment. */
const file = (name: string) => (process.env.NODE_ENV === 'test' ? ':memory:' : name);

@Module({
  imports: [
    TypeOrmModule.forRoot({ type: 'better-sqlite3', database: file('orders.db') }),
    TypeOrmModule.forRoot({ name: 'audit', type: 'better-sqlite3', database: file('audit.db') }),
    FlamingockModule.forRoot({
      service: 'orders',
      environment: 'fresh-project',
      auditStore: fromContainer(getDataSourceToken('audit'), typeormAuditStore),
      targets: { 'orders-db': fromContainer(DataSource, typeormTarget) },
      changes: { directory: join(__dirname, 'changes') },
    }),
  ],
})
export class AppModule {}
