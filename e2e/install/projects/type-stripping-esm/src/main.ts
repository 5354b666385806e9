import { join } from 'node:path';
import { createFlamingock } from '@flamingock/core';
import { sqlAuditStore, sqlTarget } from '@flamingock/sql';
import pg from 'pg';

const connectionString = process.env['DATABASE_URL'];
const orders = new pg.Pool({ connectionString });
const audit = new pg.Pool({ connectionString });

const flamingock = createFlamingock({
  service: 'orders',
  environment: 'fresh-project',
  auditStore: sqlAuditStore(audit),
  targets: { 'orders-db': sqlTarget(orders) },
  changes: { directory: join(import.meta.dirname, 'changes') },
});
await flamingock.run();
const { rows } = await orders.query('SELECT * FROM orders');
console.log(JSON.stringify(rows));
await flamingock.close();
await Promise.all([orders.end(), audit.end()]);
