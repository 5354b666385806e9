import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type ClientProxy, ClientProxyFactory, Transport } from '@nestjs/microservices';
import Database from 'better-sqlite3';
import { firstValueFrom } from 'rxjs';
import { freePort, OrdersRelease } from './harness/orders.mjs';
import { Platform } from './harness/platform.mjs';
import { Sandbox } from './harness/sandbox.mjs';

/** How long the last change takes at least, in milliseconds; it always outlasts the first attempt of every message. */
const SLOW_CHANGE_MS = Number(process.env['SLOW_CHANGE_MS'] ?? 0);
const MESSAGES = 100;

let sandbox: Sandbox;
let release: OrdersRelease;

beforeAll(async () => {
  sandbox = await Sandbox.open();
  const platform = await Platform.start(sandbox);
  release = await new OrdersRelease(sandbox, platform.urls).next(writeSlowChange);
});
afterAll(() => sandbox.close());

async function writeSlowChange(changes: string): Promise<void> {
  await writeFile(
    join(changes, '_0005__ReconcileOrders.js'),
    `import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { defineChange } from '@flamingock/core';
import { DataSource } from 'typeorm';

export default defineChange({
  id: 'reconcile-orders',
  targetSystem: 'orders-db',
  transactional: false,
  inject: { orders: DataSource },
  async apply(_, { log, signal }) {
    log.info('takes its time');
    while (!existsSync(${JSON.stringify(sandbox.path('go'))})) await pause(20, undefined, { signal });
  },
});
`,
  );
}

/** A shop that sends its orders until somebody takes them, each on a connection of its own. */
class Shop {
  readonly refused = new Set<string>();
  consumed = 0;

  constructor(private readonly port: number) {}

  async send(item: string): Promise<void> {
    for (;;) {
      const client: ClientProxy = ClientProxyFactory.create({
        transport: Transport.TCP,
        options: { host: '127.0.0.1', port: this.port },
      });
      try {
        await firstValueFrom(client.send('orders.place', { item, quantity: 1, paymentMethod: 'CARD' }));
        this.consumed += 1;
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') throw error;
        this.refused.add(item);
        await pause(50);
      } finally {
        await client.close();
      }
    }
  }
}

function read<T>(file: string, sql: string): T[] {
  const database = new Database(file, { readonly: true });
  try {
    return database.prepare(sql).pluck().all() as T[];
  } finally {
    database.close();
  }
}

const applied = (): number =>
  read(release.auditDatabase, `SELECT change_id FROM flamingock_ledger WHERE state = 'APPLIED'`).length;
const orders = (): string[] =>
  read(release.ordersDatabase, `SELECT item FROM orders WHERE item LIKE 'cup %' ORDER BY item`);

it(
  'A hybrid application sees none of the messages that come while a change runs, and then all of them',
  async () => {
    const [port, messagesPort] = [await freePort(), await freePort()];
    const shop = new Shop(messagesPort);
    const items = Array.from({ length: MESSAGES }, (_, index) => `cup ${String(index).padStart(3, '0')}`);
    const watches = [sandbox.watchPort(port), sandbox.watchPort(messagesPort)];
    const appliedWhenOpened = watches.map(async (watch) => {
      await watch.answered;
      return applied();
    });

    const child = release.start(port, { MESSAGES_PORT: String(messagesPort) });
    await child.line(/takes its time/);
    const sending = Promise.all(items.map((item) => shop.send(item)));
    await pause(SLOW_CHANGE_MS);
    while (shop.refused.size < MESSAGES) await pause(20);

    expect(applied()).toBe(4);
    expect(watches.map(({ opened }) => opened)).toEqual([false, false]);
    expect([shop.consumed, orders()]).toEqual([0, []]);

    await writeFile(sandbox.path('go'), '');
    await sending;
    expect(await Promise.all(appliedWhenOpened)).toEqual([5, 5]);
    expect(shop.consumed).toBe(MESSAGES);
    expect(orders()).toEqual(items);
    await expect(child.stop()).resolves.toEqual({ code: null, signal: 'SIGTERM' });
  },
  SLOW_CHANGE_MS + 90_000,
);
