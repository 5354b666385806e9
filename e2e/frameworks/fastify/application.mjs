import { target } from '@flamingock/core';
import { closeOnSignal, flamingock, fromDecorator } from '@flamingock/fastify';
import { sqlAuditStore, sqlTarget } from '@flamingock/sql';
import Fastify from 'fastify';

/** The application of the framework contract on Fastify: its clients are decorators, as those of plugins are. */
const { PORT, SYSTEMS = '', THEN } = process.env;
/** @type {import('../systems.mjs')} */
const { systems, OrderBook } = await import(SYSTEMS);
const { options, hosting, book, driver, close } = systems();

// By default Fastify gives up a plugin that takes longer than 10 s; in the background none does.
const app = Fastify(hosting.hold === 'block' ? { pluginTimeout: 0 } : {});
app.decorate('database', { driver });
app.decorate('book', book);
app.addHook('onClose', close);

app.get('/orders', () => book.list());
app.get('/health/live', async () => ({ status: 'ok' }));
app.get('/client', async () => ({ used: book.usedByChange }));

try {
  await app.register(flamingock, {
    ...options,
    ...hosting,
    auditStore: fromDecorator('database.driver', sqlAuditStore),
    targets: {
      'orders-db': fromDecorator('database.driver', sqlTarget),
      'order-book': target({ clients: [OrderBook] }),
    },
    dependencies: [{ token: OrderBook, value: fromDecorator('book', (own) => own) }],
  });
  await app.listen({ port: Number(PORT), host: '127.0.0.1' });
  console.log('listening');
  if (THEN === 'close') await app.close();
  else closeOnSignal(app);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
