import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { createFlamingock, memoryAuditStore } from '@flamingock/core';
import { closeOnSignal } from '@flamingock/express';
import express from 'express';

/**
 * Answers `/slow` when the file `GO` is there, and shuts down on signals. `SERVERS` says how many servers it has, and with
 * `LISTENS` it listens for SIGTERM itself.
 */
const { GO = '', SERVERS = '1', LISTENS } = process.env;
const engine = createFlamingock({
  service: 'orders',
  environment: 'test',
  auditStore: memoryAuditStore(),
  targets: {},
  changes: [],
  mode: 'off',
});
await engine.run();

const app = express();
app.get('/slow', async (_request, response) => {
  console.log('asked');
  while (!existsSync(GO)) await pause(10);
  response.json('done');
});

if (LISTENS !== undefined) process.once('SIGTERM', () => console.log('heard it'));
for (let count = 0; count < Number(SERVERS); count += 1) {
  const server = app.listen(0, '127.0.0.1');
  closeOnSignal(server, engine, {
    onClosed() {
      console.log('closed');
      if (LISTENS !== undefined) process.exit(3);
    },
  });
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`listening ${port}`);
}
