import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { APPLICATION } from '../orders.mjs';
import { OUTCOMES, outcomesOf } from './shop.mjs';

const MIGRATION = join(APPLICATION, 'dist', 'database', 'migrations', '1735689600000-create-orders.js');

const ORDERS = 'SELECT * FROM orders ORDER BY created_at';

/**
 * The application's own migration makes the table, once: it knows no lock, so a start of many instances must find it done.
 *
 * @param {import('typeorm').DataSourceOptions} options
 */
async function migrate(options) {
  const migrations = Object.values(await import(pathToFileURL(MIGRATION).href));
  const dataSource = new DataSource({ ...options, migrations });
  await dataSource.initialize();
  await dataSource.runMigrations();
  await dataSource.destroy();
}

/**
 * The sample's, on PostgreSQL; the ledger is in it.
 *
 * @param {string} url of an empty database
 * @returns {Promise<import('./shop.mjs').Shop>}
 */
export async function openPostgresShop(url) {
  await migrate({ type: 'postgres', url });
  const client = new pg.Client({ connectionString: url });
  // A connection that breaks fails the next query; without a listener it would end this process as well.
  client.on('error', () => {});
  await client.connect();
  return {
    environment: { DATABASE_URL: url },
    orders: async () => (await client.query(ORDERS)).rows,
    async ledger() {
      const found = await client.query(`SELECT to_regclass('flamingock_ledger') AS ledger`);
      return found.rows[0]?.ledger === null ? [] : outcomesOf((await client.query(OUTCOMES)).rows);
    },
    close: () => client.end(),
  };
}

/**
 * The sample's, on SQLite: a file for the orders, and one for the ledger.
 *
 * @param {string} folder
 * @returns {Promise<import('./shop.mjs').Shop>}
 */
export async function openSqliteShop(folder) {
  const [orders, audit] = [join(folder, 'orders.db'), join(folder, 'audit.db')];
  await migrate({ type: 'better-sqlite3', database: orders, enableWAL: true });
  const [ordersDatabase, auditDatabase] = [new Database(orders), new Database(audit)];

  /** @param {Database.Database} database @param {string} select */
  const rowsOf = (database, select) =>
    /** @type {Readonly<Record<string, unknown>>[]} */ (database.prepare(select).all());

  return {
    environment: { ORDERS_DB: orders, AUDIT_DB: audit },
    orders: () => Promise.resolve(rowsOf(ordersDatabase, ORDERS)),
    ledger() {
      const found = rowsOf(auditDatabase, `SELECT 1 FROM sqlite_master WHERE name = 'flamingock_ledger'`);
      return Promise.resolve(found.length === 0 ? [] : outcomesOf(rowsOf(auditDatabase, OUTCOMES)));
    },
    close() {
      ordersDatabase.close();
      auditDatabase.close();
      return Promise.resolve();
    },
  };
}
