const { once } = require('node:events');
const { closeOnSignal } = require('@flamingock/express');
const Database = require('better-sqlite3');
const { createApplication } = require('./application.js');

async function main() {
  const database = new Database('orders.db');
  const { app, engine } = await createApplication(database);
  const server = app.listen(0, '127.0.0.1');
  const close = closeOnSignal(server, engine, { onClosed: () => database.close() });
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const response = await fetch(`http://127.0.0.1:${port}/orders`, { headers: { connection: 'close' } });
  console.log(JSON.stringify(await response.json()));
  await close();
}

void main();
