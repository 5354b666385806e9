import { once } from 'node:events';
import { join } from 'node:path';
import { closeOnSignal, flamingock } from '@flamingock/express';
import { sqlAuditStore, sqlTarget } from '@flamingock/sql';
import express from 'express';
import { readConfiguration } from './configuration.mjs';
import { openDatabase } from './database.mjs';
import { productRoutes } from './product-routes.mjs';
import { Products } from './products.mjs';

/** Starts listening. Resolves with the address, when every change is applied and the port is open. */
async function start() {
  const configuration = readConfiguration(process.env);
  const database = openDatabase(configuration);
  const app = express();
  const engine = await flamingock(app, {
    service: 'catalogue',
    environment: configuration.environment,
    auditStore: sqlAuditStore(database.driver),
    targets: { 'catalogue-db': sqlTarget(database.driver) },
    changes: { directory: join(import.meta.dirname, 'changes') },
  });
  app.get('/health/live', (_request, response) => {
    response.json({ status: 'ok' });
  });
  app.use('/products', productRoutes(new Products(database)));

  const server = app.listen(configuration.port, '127.0.0.1');
  closeOnSignal(server, engine, { onClosed: () => database.close() });
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return `http://127.0.0.1:${port}`;
}

try {
  const url = await start();
  console.log(`ready on ${url}

Three things to try:
  curl ${url}/products
  curl ${url}/products/tea-001 -X PUT -H 'content-type: application/json' -d '{"name":"Green tea","priceCents":495}'
  curl ${url}/health/ready
`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
