import { join } from 'node:path';
import { createFlamingock, target } from '@flamingock/core';
import { sqlAuditStore, sqlTarget } from '@flamingock/sql';
import { FileRegistry } from './file-registry.js';
import { openDatabase } from './open-database.js';

/** Builds the application: at its start it would apply its changes itself. */
export default async function application(): Promise<{ close(): Promise<void> }> {
  const audit = openDatabase(process.env['AUDIT_URL'] ?? '');
  const orders = openDatabase(process.env['ORDERS_URL'] ?? '');
  const flamingock = createFlamingock({
    service: 'orders',
    environment: process.env['FLAMINGOCK_ENV'],
    auditStore: sqlAuditStore(audit.database),
    targets: { 'orders-db': sqlTarget(orders.database), registry: target({ clients: [FileRegistry] }) },
    dependencies: [{ token: FileRegistry, value: new FileRegistry(process.env['REGISTRY_FILE'] ?? '') }],
    changes: { directory: join(import.meta.dirname, 'changes') },
  });
  await flamingock.run();
  return {
    close: async () => {
      await flamingock.close();
      await Promise.all([audit.end(), orders.end()]);
    },
  };
}
