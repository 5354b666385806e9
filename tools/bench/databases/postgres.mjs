import pg from 'pg';
import { startPostgres } from '../../services/postgres.mjs';
import { EFFECTS } from '../changes.mjs';
import { queriesIn, warmPool } from '../pools.mjs';
import { traffic } from '../traffic.mjs';
import { Scratch } from './scratch.mjs';

/** @typedef {import('./database.mjs').BenchDatabase} BenchDatabase */

/**
 * A PostgreSQL server that counts what it is told, when it is asked to, in its log.
 *
 * @implements {BenchDatabase}
 */
export class PostgresBench {
  /** @readonly */ version;
  #server;
  #scratch = new Scratch();

  /**
   * @param {import('../../services/postgres.mjs').Postgres} server
   * @param {string} version
   */
  constructor(server, version) {
    this.#server = server;
    this.version = `PostgreSQL ${version}`;
  }

  static async start() {
    // The log's format comes with the option; logging itself costs time, and is switched on where it is needed.
    const server = await startPostgres({
      logStatements: true,
      settings: { fsync: 'on', log_statement: 'none' },
    });
    const [row] = await ask(server.url, 'SHOW server_version');
    return new PostgresBench(server, row.server_version);
  }

  async createDatabase() {
    const { url } = await this.#server.createDatabase();
    await ask(url, EFFECTS);
    return { url, folder: this.#scratch.folder };
  }

  /** @type {import('./database.mjs').Counted} */
  async counted(url, open, work) {
    const database = new URL(url).pathname.slice(1);
    await ask(this.#server.url, `ALTER DATABASE ${database} SET log_statement = 'all'`);
    try {
      const opened = await open(url);
      const before = (await this.#server.statements(url)).length;
      await work(opened);
      const statements = await this.#server.statements(url);
      await opened.close();
      return traffic(statements.slice(before));
    } finally {
      await ask(this.#server.url, `ALTER DATABASE ${database} RESET log_statement`);
    }
  }

  /** @param {string} url */
  async effects(url) {
    const [row] = await ask(url, 'SELECT count(*)::integer AS effects FROM effects');
    return Number(row.effects);
  }

  /**
   * @param {string} url
   * @param {import('./database.mjs').Open} open
   */
  async bareQuery(url, open) {
    const application = await open(url);
    const [query] = await queriesIn(application.start);
    await application.close();
    const pool = await warmPool(url);
    return {
      run: () => pool.query(/** @type {import('pg').QueryConfig} */ (query)),
      close: () => pool.end(),
    };
  }

  /**
   * @param {string} url
   * @param {import('./database.mjs').Contender} contender
   * @param {number} count
   */
  async seed(url, contender, count) {
    await onPool(url, async (pool) => contender.seed?.(pool, count));
  }

  /**
   * @param {string} url
   * @param {import('./database.mjs').Contender} contender
   */
  async settle(url, contender) {
    await onPool(url, async (pool) => {
      await contender.settle?.(pool);
      await pool.query('VACUUM ANALYZE');
    });
  }

  async stop() {
    this.#scratch.remove();
    await this.#server.stop();
  }
}

/**
 * Asks one question on a connection of its own.
 *
 * @param {string} url
 * @param {string} question
 */
export async function ask(url, question) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(question)).rows;
  } finally {
    await client.end();
  }
}

/**
 * @param {string} url
 * @param {(pool: import('pg').Pool) => Promise<unknown>} work
 */
async function onPool(url, work) {
  const pool = await warmPool(url);
  await work(pool);
  await pool.end();
}
