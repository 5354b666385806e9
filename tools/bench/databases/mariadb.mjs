import mysql from 'mysql2/promise';
import { startMariadb } from '../../services/mariadb.mjs';
import { EFFECTS } from '../changes.mjs';
import { traffic } from '../traffic.mjs';
import { Scratch } from './scratch.mjs';

/** @typedef {import('./database.mjs').BenchDatabase} BenchDatabase */
/** @typedef {import('./database.mjs').Application} Application */

/**
 * A MariaDB server that counts what it is told, when it is asked to, in its general log.
 *
 * @implements {BenchDatabase}
 */
export class MariadbBench {
  /** @readonly */ version;
  #server;
  #scratch = new Scratch();

  /**
   * @param {import('../../services/mariadb.mjs').Mariadb} server
   * @param {string} version
   */
  constructor(server, version) {
    this.#server = server;
    this.version = `MariaDB ${version}`;
  }

  static async start() {
    // The log comes with the option; logging itself costs time, and is switched on where it is needed.
    const server = await startMariadb({ logStatements: true, settings: { general_log: 'off' } });
    const [row] = await ask(server.url, 'SELECT VERSION() AS version');
    return new MariadbBench(server, String(row?.['version']));
  }

  async createDatabase() {
    const { url } = await this.#server.createDatabase();
    await ask(url, EFFECTS);
    return { url, folder: this.#scratch.folder };
  }

  /** @type {import('./database.mjs').Counted} */
  async counted(url, open, work) {
    return traffic(await this.#statements(url, open, work));
  }

  /** @param {string} url */
  async effects(url) {
    const [row] = await ask(url, 'SELECT count(*) AS effects FROM effects');
    return Number(row?.['effects']);
  }

  /**
   * @param {string} url
   * @param {import('./database.mjs').Open} open
   */
  async bareQuery(url, open) {
    const [query = ''] = await this.#statements(url, open, (application) => application.start());
    const pool = await warmMysqlPool(url);
    return { run: () => pool.query(query), close: () => pool.end() };
  }

  async stop() {
    this.#scratch.remove();
    await this.#server.stop();
  }

  /**
   * @param {string} url
   * @param {import('./database.mjs').Open} open
   * @param {(application: Application) => Promise<unknown>} work
   */
  async #statements(url, open, work) {
    // It tells of a connection which database it is for only when it is made.
    await this.#server.set('general_log', 'ON');
    try {
      const application = await open(url);
      const before = (await this.#server.statements(url)).length;
      await work(application);
      const statements = await this.#server.statements(url);
      await application.close();
      return statements.slice(before);
    } finally {
      await this.#server.set('general_log', 'OFF');
    }
  }
}

/**
 * A pool as an application has it when it starts: with open connections.
 *
 * @param {string} url
 */
export async function warmMysqlPool(url) {
  const pool = mysql.createPool({ uri: url });
  await Promise.all([pool.query('SELECT 1'), pool.query('SELECT 1'), pool.query('SELECT 1')]);
  return pool;
}

/**
 * @param {string} url
 * @param {string} question
 */
async function ask(url, question) {
  const client = await mysql.createConnection(url);
  try {
    const [rows] = await client.query(question);
    return /** @type {mysql.RowDataPacket[]} */ (rows);
  } finally {
    await client.end();
  }
}
