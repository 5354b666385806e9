import { join } from 'node:path';
import postgres from '@fastify/postgres';
import { flamingock, fromDecorator } from '@flamingock/fastify';
import { sqlAuditStore, sqlTarget } from '@flamingock/sql';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Configuration } from './configuration.js';
import { shipments } from './shipments/shipments.js';

/**
 * The application, ready to listen. It does not wait for its changes: it answers 503 while they are applied, so that its
 * probes tell how far it is.
 */
export async function createApplication(configuration: Configuration): Promise<FastifyInstance> {
  const { environment, databaseUrl, leaseMs } = configuration;
  const app = Fastify({ logger: true });

  await app.register(postgres, { connectionString: databaseUrl });
  // A connection that breaks while nobody uses it would end the process else.
  app.pg.pool.on('error', (error) => {
    app.log.warn(error);
  });

  await app.register(flamingock, {
    service: 'shipping',
    environment,
    hold: 'background',
    openPaths: ['/health/live'],
    auditStore: fromDecorator('pg', sqlAuditStore),
    targets: { 'shipping-db': fromDecorator('pg', sqlTarget) },
    changes: { directory: join(import.meta.dirname, 'changes') },
    lock: { leaseMs, renewMs: Math.floor(leaseMs / 3) },
  });

  app.get('/health/live', async () => ({ status: 'ok' }));
  await app.register(shipments);
  return app;
}
