import { defineConfig } from '@flamingock/cli';
import { sqlAuditStore, sqlTarget } from '@flamingock/sql';
import { openDatabase } from '../project/open-database.js';

export default defineConfig({
  service: 'shop',
  environments: { local: { disposable: true }, staging: {} },
  auditStore: ({ open, secret }) =>
    sqlAuditStore(
      open(
        'audit',
        () => openDatabase(secret('AUDIT_URL')),
        (opened) => opened.end(),
      ).database,
    ),
  targets: ({ open, secret }) => ({
    shop: sqlTarget(
      open(
        'shop',
        () => openDatabase(secret('SHOP_URL')),
        (opened) => opened.end(),
      ).database,
    ),
  }),
  changes: { directory: './changes' },
});
