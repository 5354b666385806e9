import { join } from 'node:path';
import { flamingock, fromDecorator } from '@flamingock/fastify';
import { sqlAuditStore, sqlTarget } from '@flamingock/sql';
import Database from 'better-sqlite3';
import Fastify from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    db: Database.Database;
  }
}

const app = Fastify({ pluginTimeout: 0 });
app.decorate('db', new Database('orders.db'));
app.addHook('onClose', async () => {
  app.db.close();
});
await app.register(flamingock, {
  service: 'orders',
  environment: 'fresh-project',
  auditStore: fromDecorator('db', sqlAuditStore),
  targets: { 'orders-db': fromDecorator('db', sqlTarget) },
  changes: { directory: join(import.meta.dirname, 'changes') },
});
app.get('/orders', async () => app.db.prepare('SELECT * FROM orders').all());

const url = await app.listen({ port: 0, host: '127.0.0.1' });
console.log(await (await fetch(`${url}/health/ready`)).text());
console.log(app.flamingock.readiness().applied, await (await fetch(`${url}/orders`)).text());
await app.close();
