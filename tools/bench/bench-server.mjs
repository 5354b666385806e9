import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../services/postgres.mjs';
import { EFFECTS } from './changes.mjs';
import { traffic } from './traffic.mjs';

/** A PostgreSQL server as durable as in production, which counts what it is told when it is asked to. */
export class BenchServer {
  /** @readonly */ version;
  #server;
  #scratch = mkdtempSync(join(tmpdir(), 'flamingock-bench-'));

  /**
   * @param {import('../services/postgres.mjs').Postgres} server
   * @param {string} version
   */
  constructor(server, version) {
    this.#server = server;
    this.version = version;
  }

  static async start() {
    // The log's format comes with the option; logging itself costs time, and is switched on where it is needed.
    const server = await startPostgres({
      logStatements: true,
      settings: { fsync: 'on', log_statement: 'none' },
    });
    const [row] = await ask(server.url, 'SHOW server_version');
    return new BenchServer(server, row.server_version);
  }

  /** A database of its own with an empty table of effects. */
  async createDatabase() {
    const { url } = await this.#server.createDatabase();
    await ask(url, EFFECTS);
    return { url, folder: () => mkdtempSync(join(this.#scratch, 'files-')) };
  }

  /**
   * What the server was told on connections that were opened for this, while some work was done on them.
   *
   * @template T
   * @param {string} url
   * @param {() => Promise<T>} open
   * @param {(opened: T) => Promise<unknown>} work
   */
  async counted(url, open, work) {
    const database = new URL(url).pathname.slice(1);
    await ask(this.#server.url, `ALTER DATABASE ${database} SET log_statement = 'all'`);
    try {
      const opened = await open();
      const before = (await this.#server.statements(url)).length;
      await work(opened);
      return traffic((await this.#server.statements(url)).slice(before));
    } finally {
      await ask(this.#server.url, `ALTER DATABASE ${database} RESET log_statement`);
    }
  }

  async stop() {
    rmSync(this.#scratch, { recursive: true, force: true });
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
