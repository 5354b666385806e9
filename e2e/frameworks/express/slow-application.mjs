import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { createFlamingock, memoryAuditStore } from '@flamingock/core';
import { closeOnSignal } from '@flamingock/express';
import express from 'express';

/**
 * Answers `/slow` when the file `GO` is there, and shuts down on signals. `SERVERS` says how many servers it has, and with
 * `LISTENS` it listens for SIGTERM itself. With `FAILS` it cannot close what it has, and with `HEARS` it listens for unhandled
 * rejections, while something else keeps it alive.
 */
const { GO = '', SERVERS = '1', LISTENS, FAILS, HEARS } = process.env;
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

if (HEARS !== undefined) {
  process.on('unhandledRejection', (reason) => console.log(`heard of ${String(reason)}`));
  setInterval(() => {}, 1000);
}
if (LISTENS !== undefined) process.once('SIGTERM', () => console.log('heard it'));
for (let count = 0; count < Number(SERVERS); count += 1) {
  const server = app.listen(0, '127.0.0.1');
  closeOnSignal(server, engine, {
    onClosed() {
      console.log('closed');
      if (FAILS !== undefined) throw new Error('the pool is gone');
      if (LISTENS !== undefined) process.exit(3);
    },
  });
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`listening ${port}`);
}
