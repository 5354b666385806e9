import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { APPLICATION } from './orders.mjs';

const MIGRATION = join(APPLICATION, 'dist', 'database', 'migrations', '1735689600000-create-orders.js');

/** The orders database of the sample on PostgreSQL, read and written past the application. */
export class ShopDatabase {
  /** @readonly */
  url;
  #client;

  /**
   * @param {string} url
   * @param {pg.Client} client
   */
  constructor(url, client) {
    this.url = url;
    this.#client = client;
  }

  /**
   * A new one as it was before the first change, with two orders. The application's own migration makes it, once: it
   * knows no lock, so a start of many instances must find it done.
   *
   * @param {import('../../tools/services/postgres.mjs').Postgres} server
   */
  static async create(server) {
    const { url } = await server.createDatabase();
    const migration = Object.values(await import(pathToFileURL(MIGRATION).href));
    const dataSource = new DataSource({ type: 'postgres', url, migrations: migration });
    await dataSource.initialize();
    await dataSource.runMigrations();
    await dataSource.destroy();

    const client = new pg.Client({ connectionString: url });
    // A connection that breaks fails the next query; without a listener it would end this process as well.
    client.on('error', () => {});
    await client.connect();
    return new ShopDatabase(url, client);
  }

  /**
   * The orders, the oldest first.
   *
   * @returns {Promise<Readonly<Record<string, unknown>>[]>}
   */
  async orders() {
    const { rows } = await this.#client.query('SELECT * FROM orders ORDER BY created_at');
    return rows;
  }

  /**
   * What became of changes, oldest first: `raise-quantities APPLIED`. Runs, and changes that were begun, are left out.
   * Empty where there is no ledger yet.
   *
   * @returns {Promise<string[]>}
   */
  async ledger() {
    const found = await this.#client.query(`SELECT to_regclass('flamingock_ledger') AS ledger`);
    if (found.rows[0]?.ledger === null) return [];
    const { rows } = await this.#client.query(`
      SELECT change_id || ' ' || state AS outcome FROM flamingock_ledger
      WHERE change_id IS NOT NULL AND state <> 'STARTED' ORDER BY sequence`);
    return rows.map(({ outcome }) => outcome);
  }

  close() {
    return this.#client.end();
  }
}
