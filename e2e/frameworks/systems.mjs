import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { defineChange, target } from '@flamingock/core';
import { sqlAuditStore, SqlExecutor, sqlTarget } from '@flamingock/sql';
import { openDatabase } from './database.mjs';

/**
 * What every application of the framework contract stands on, made of the process's environment: see PROTOCOL.md.
 */
const {
  BEHAVIOUR = 'quick',
  SIGNS = '',
  SECRET = 'none-was-planted',
  LEASE_MS = '3000',
  MODE = 'apply',
  HOLD = 'block',
  ON_FAILURE = 'exit',
} = process.env;

/** The application's own client: a change asks for it by its class, and must be given the application's instance. */
export class OrderBook {
  /** Whether a change has used this very instance. */
  usedByChange = false;
  #database;

  /** @param {import('./database.mjs').OrdersDatabase} database */
  constructor(database) {
    this.#database = database;
  }

  /** What the changes have left behind, in their order. */
  async list() {
    return this.#database.rows('SELECT change FROM orders ORDER BY change');
  }

  /** @param {string} change */
  async enter(change) {
    this.usedByChange = true;
    await this.#database.rows(`INSERT INTO orders (change) VALUES ('${change}')`);
  }
}

/**
 * The second change at work: so that those who watch it know where it is, and it goes on when they say so.
 *
 * @type {Record<string, (context: import('@flamingock/core').ChangeContext) => Promise<void>>}
 */
const BEHAVIOURS = {
  quick: async () => {},
  slow: async ({ progress, signal }) => {
    progress(1, 2, 'half of the orders');
    writeFileSync(join(SIGNS, 'holding'), '');
    while (!existsSync(join(SIGNS, 'go'))) await pause(10, undefined, { signal });
  },
  failing: async () => {
    throw new Error(`the order book is full (asked with ${SECRET})`);
  },
};

/** Each leaves one row in the table `orders`, so that a second time is seen. */
const CHANGES = [
  defineChange({
    id: '1-create',
    order: 1,
    name: 'CreateOrders',
    targetSystem: 'orders-db',
    inject: { sql: SqlExecutor },
    async apply({ sql }) {
      await sql.execute('CREATE TABLE orders (change text NOT NULL)');
      await sql.execute(`INSERT INTO orders (change) VALUES ('1-create')`);
    },
  }),
  defineChange({
    id: '2-enter',
    order: 2,
    name: 'EnterOrders',
    targetSystem: 'order-book',
    recovery: 'ALWAYS_RETRY',
    inject: { book: OrderBook },
    async apply({ book }, context) {
      await BEHAVIOURS[BEHAVIOUR]?.(context);
      await book.enter('2-enter');
    },
  }),
  defineChange({
    id: '3-ship',
    order: 3,
    name: 'ShipOrders',
    targetSystem: 'orders-db',
    inject: { sql: SqlExecutor },
    async apply({ sql }) {
      await sql.execute(`INSERT INTO orders (change) VALUES ('3-ship')`);
    },
  }),
];

function brokenPager() {
  throw new Error('the pager is broken');
}

/**
 * Opens the database, and gives everything that an application needs of it.
 *
 * - `options`: of the engine, complete. A framework with a container takes `auditStore`, `targets` and `dependencies` out
 *   and gives its own, made of `driver`, `sqlAuditStore`, `sqlTarget` and `book`.
 * - `hosting`: how traffic is held, for integrations that take it.
 * - `book`: the application's own client, in `options.dependencies` already.
 * - `driver`: what the audit store and the target are made on: a pool of pg, or a connection of better-sqlite3.
 * - `close()`: ends the connections. The application calls it last, where its framework has a place for that.
 */
export function systems() {
  const database = openDatabase();
  const book = new OrderBook(database);
  const leaseMs = Number(LEASE_MS);
  return {
    options: {
      service: 'orders',
      environment: 'test',
      auditStore: sqlAuditStore(database.driver),
      targets: { 'orders-db': sqlTarget(database.driver), 'order-book': target({ clients: [OrderBook] }) },
      dependencies: [{ token: OrderBook, value: book }],
      changes: CHANGES,
      mode: /** @type {NonNullable<import('@flamingock/core').FlamingockOptions['mode']>} */ (MODE),
      lock: { leaseMs, renewMs: Math.floor(leaseMs / 4) },
      secrets: [SECRET],
    },
    hosting: {
      hold: /** @type {'block' | 'background'} */ (HOLD),
      onFailure: ON_FAILURE === 'throw' ? brokenPager : /** @type {'exit' | 'stay'} */ (ON_FAILURE),
      openPaths: ['/health/live'],
    },
    book,
    driver: database.driver,
    close: () => database.close(),
  };
}
