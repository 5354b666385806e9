import fastify from 'fastify';
import { engineOptions, listening, openDatabase, usesFlamingock } from './orders.mjs';

const app = fastify({ pluginTimeout: 0 });
await openDatabase();
if (usesFlamingock) {
  const { flamingock } = await import('@flamingock/fastify');
  app.register(flamingock, await engineOptions());
}
app.get('/orders', () => 'orders');
await app.listen({ port: 0, host: '127.0.0.1' });
listening();
