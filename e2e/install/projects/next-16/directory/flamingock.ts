import { join } from 'node:path';
import { registerFlamingock } from '@flamingock/next';
import { sqlAuditStore, sqlTarget } from '@flamingock/sql';
import { Pool } from 'pg';

export function start() {
  return registerFlamingock(() => {
    const database = new Pool({ connectionString: process.env.DATABASE_URL });
    return {
      service: 'storefront',
      environment: process.env.FLAMINGOCK_ENV,
      auditStore: sqlAuditStore(database),
      targets: { 'storefront-db': sqlTarget(database) },
      changes: { directory: join(process.cwd(), 'changes') },
    };
  });
}
