import { once } from 'node:events';
import { join } from 'node:path';
import { closeOnSignal, flamingock } from '@flamingock/express';
import { mongodbAuditStore, mongodbTarget } from '@flamingock/mongodb';
import express from 'express';
import mongoose from 'mongoose';
import { readConfiguration } from './configuration.mjs';
import { productRoutes } from './product-routes.mjs';
import { productModel, Products } from './products.mjs';

/** Starts listening. Resolves with the address, when every change is applied and the port is open. */
async function start() {
  const configuration = readConfiguration(process.env);
  const connection = await mongoose
    .createConnection(configuration.databaseUrl, { autoCreate: false, autoIndex: false })
    .asPromise();
  const model = productModel(connection);
  const app = express();
  const engine = await flamingock(app, {
    service: 'catalogue',
    environment: configuration.environment,
    auditStore: mongodbAuditStore(connection),
    targets: { 'catalogue-db': mongodbTarget(connection) },
    changes: { directory: join(import.meta.dirname, 'changes') },
  });
  app.get('/health/live', (_request, response) => {
    response.json({ status: 'ok' });
  });
  app.use('/products', productRoutes(new Products(model)));

  const server = app.listen(configuration.port, '127.0.0.1');
  closeOnSignal(server, engine, { onClosed: () => connection.close() });
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
