import { defineConfig } from '@flamingock/cli';
import { target } from '@flamingock/core';
import { sqlAuditStore, sqlTarget } from '@flamingock/sql';
import { FileRegistry } from './file-registry.js';
import { openDatabase } from './open-database.js';

export default defineConfig({
  service: 'orders',
  environments: {
    production: { secrets: { audit: 'AUDIT_URL', orders: 'ORDERS_URL' } },
    staging: { secrets: { audit: 'AUDIT_URL', orders: 'STAGING_ORDERS_URL' } },
    // Of its own store, where branches are tried in whatever order they come.
    review: {
      outOfOrder: 'allow',
      secrets: { audit: 'REVIEW_AUDIT_URL', orders: 'REVIEW_ORDERS_URL' },
    },
  },
  lock: { leaseMs: 3000, renewMs: 500 },
  auditStore: ({ open, secret }) =>
    sqlAuditStore(
      open(
        'audit',
        () => openDatabase(secret('audit')),
        (opened) => opened.end(),
      ).database,
    ),
  targets: ({ open, secret }) => ({
    'orders-db': sqlTarget(
      open(
        'orders',
        () => openDatabase(secret('orders')),
        (opened) => opened.end(),
      ).database,
    ),
    registry: target({ clients: [FileRegistry] }),
  }),
  dependencies: () => [{ token: FileRegistry, value: new FileRegistry(process.env['REGISTRY_FILE'] ?? '') }],
  changes: { directory: './changes' },
});
