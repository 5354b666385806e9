import { join } from 'node:path';
import { target } from '@flamingock/core';
import { FlamingockModule, fromContainer } from '@flamingock/nestjs';
import { sqlAuditStore, sqlTarget } from '@flamingock/sql';
import { Module } from '@nestjs/common';
import { FileRegistry } from './file-registry.js';
import { openDatabase } from './open-database.js';

const AUDIT = 'audit database';
const ORDERS = 'orders database';

@Module({
  providers: [
    { provide: AUDIT, useFactory: () => openDatabase(process.env['AUDIT_URL'] ?? '').database },
    { provide: ORDERS, useFactory: () => openDatabase(process.env['ORDERS_URL'] ?? '').database },
    { provide: FileRegistry, useFactory: () => new FileRegistry(process.env['REGISTRY_FILE'] ?? '') },
  ],
  exports: [AUDIT, ORDERS, FileRegistry],
})
class SystemsModule {}

@Module({
  imports: [
    SystemsModule,
    FlamingockModule.forRoot({
      service: 'orders',
      environment: process.env['FLAMINGOCK_ENV'],
      auditStore: fromContainer(AUDIT, sqlAuditStore),
      targets: {
        'orders-db': fromContainer(ORDERS, sqlTarget),
        registry: target({ clients: [FileRegistry] }),
      },
      changes: { directory: join(import.meta.dirname, 'changes') },
    }),
  ],
})
export default class NestApplication {}
