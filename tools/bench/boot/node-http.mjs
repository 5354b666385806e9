import { createServer } from 'node:http';
import { engineOptions, listening, openDatabase, usesFlamingock } from './orders.mjs';

await openDatabase();
if (usesFlamingock) {
  const { createFlamingock } = await import('@flamingock/core');
  await createFlamingock(await engineOptions()).run();
}
createServer((_, response) => response.end('orders')).listen(0, '127.0.0.1', listening);
