import { createFlamingock } from '@flamingock/core';
import { sqlAuditStore, sqlTarget } from '@flamingock/sql';
import pg from 'pg';

/**
 * A replica of the application, which waits for whoever applies the changes, or with `MODE=apply` would apply them
 * itself. Prints how many rows are not filled when it is ready to serve.
 */
const { AUDIT_URL, ORDERS_URL, MODE } = process.env;
const audit = new pg.Pool({ connectionString: AUDIT_URL });
const orders = new pg.Pool({ connectionString: ORDERS_URL });
const flamingock = createFlamingock({
  service: 'orders',
  environment: 'production',
  mode: MODE === 'apply' ? 'apply' : 'wait',
  auditStore: sqlAuditStore(audit),
  targets: { 'orders-db': sqlTarget(orders) },
  changes: { directory: new URL('./changes', import.meta.url) },
  lock: { waitMs: 3_600_000 },
});
try {
  await flamingock.run();
  const { rows } = await orders.query('SELECT count(*)::integer AS left FROM orders WHERE filled = 0');
  console.log(`ready with ${rows[0].left} rows left`);
} catch (error) {
  console.log(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
await Promise.all([audit.end(), orders.end()]);
