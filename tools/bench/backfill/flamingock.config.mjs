import { defineConfig } from '@flamingock/cli';
import { sqlAuditStore, sqlTarget } from '@flamingock/sql';
import pg from 'pg';

/** Two databases, because an application's ledger and what is filled are seldom in the same one. */
export default defineConfig({
  service: 'orders',
  environments: { production: {} },
  // Who comes after one that was killed waits that long.
  lock: { leaseMs: 3000, renewMs: 1000 },
  auditStore: ({ open, secret }) => sqlAuditStore(open('audit', () => pool(secret('AUDIT_URL')), ending)),
  targets: ({ open, secret }) => ({
    'orders-db': sqlTarget(open('orders', () => pool(secret('ORDERS_URL')), ending)),
  }),
  changes: { directory: './changes' },
});

/** @param {string} connectionString */
const pool = (connectionString) => new pg.Pool({ connectionString });

/** @param {pg.Pool} opened */
const ending = (opened) => opened.end();
