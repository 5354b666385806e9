const assert = require('node:assert/strict');
const { once } = require('node:events');
const { test } = require('node:test');
const Database = require('better-sqlite3');
const { createApplication } = require('./application.js');

test('the application starts on an empty database', async () => {
  const { app, engine } = await createApplication(new Database(':memory:'));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const response = await fetch(`http://127.0.0.1:${port}/orders`);
  assert.deepEqual(await response.json(), [{ id: 1, payment_method: 'CARD' }]);
  server.close();
  await engine.close();
});
