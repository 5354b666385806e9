import { defineConfig } from '@flamingock/cli';
import { target } from '@flamingock/core';
import { sqlAuditStore, sqlTarget } from '@flamingock/sql';
import { FileRegistry } from '../project/file-registry.js';
import { openDatabase } from '../project/open-database.js';
import { SEQUENCES } from './changes.js';

const { SERVICE = 'orders' } = process.env;

/** Each of five services has such a configuration; all of them keep their ledgers in one store. */
export default defineConfig({
  service: SERVICE,
  environments: {
    production: { secrets: { database: 'ORDERS_URL' } },
    staging: { secrets: { database: 'STAGING_ORDERS_URL' } },
  },
  auditStore: ({ open, secret }) =>
    sqlAuditStore(
      open(
        'audit',
        () => openDatabase(secret('AUDIT_URL')),
        ({ end }) => end(),
      ).database,
    ),
  targets: ({ open, secret }) => ({
    database: sqlTarget(
      open(
        'database',
        () => openDatabase(secret('database')),
        ({ end }) => end(),
      ).database,
    ),
    'payment-provider': target({ clients: [FileRegistry] }),
  }),
  dependencies: () => [{ token: FileRegistry, value: new FileRegistry(process.env['REGISTRY_FILE'] ?? '') }],
  changes: SEQUENCES[SERVICE] ?? [],
});
