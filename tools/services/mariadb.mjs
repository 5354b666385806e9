import { randomBytes } from 'node:crypto';
import { GuardedServer } from './guarded-server.mjs';
import { findProgram, install, named } from './installation.mjs';
import { execute, withClient } from './mariadb-client.mjs';
import { MariadbCluster } from './mariadb-cluster.mjs';
import { statementsIn } from './mariadb-log.mjs';
import { unlessRoot } from './system-user.mjs';

/** @type {import('./installation.mjs').Service} */
export const mariadb = {
  name: 'MariaDB',
  packages: ['mariadb-server'],
  variable: 'FLAMINGOCK_TEST_MARIADB_URL',
  find: () => findProgram('mariadbd', ['/usr/sbin', '/usr/local/sbin']),
};

/**
 * For tests that give a server settings, read its log, restart or kill it: a named server does not serve them.
 *
 * @type {import('./installation.mjs').Service}
 */
export const ownMariadb = { name: mariadb.name, packages: mariadb.packages, find: mariadb.find };

/**
 * What every server runs with, unless a test sets something else.
 *
 * - `max_connections`: fifty processes, each with a pool.
 * - `innodb_flush_method`, `innodb_log_file_size`, `innodb_buffer_pool_size`: small and fast on a disk that is shared.
 * - `innodb_flush_log_at_trx_commit` is as by default: a server that is killed loses nothing.
 */
const SETTINGS = {
  bind_address: '127.0.0.1',
  skip_name_resolve: 'on',
  max_connections: '300',
  innodb_buffer_pool_size: '64M',
  innodb_log_file_size: '16M',
  character_set_server: 'utf8mb4',
};

/** For `statements()`: everything that clients send, with the number of their connection before it. */
const LOG_SETTINGS = { general_log: 'on', general_log_file: 'statements.log' };

/**
 * Starts a MariaDB server of its own on a free port of 127.0.0.1 and installs it where it is missing. Where
 * `FLAMINGOCK_TEST_MARIADB_URL` names a running server, of MySQL or MariaDB, whose user may create databases and users,
 * it is used instead, unless one of the options is given. Whoever starts one stops it.
 *
 * @param {object} [options]
 * @param {boolean} [options.exclusive] the test restarts or kills it
 * @param {boolean} [options.logStatements] for `statements()`
 * @param {Readonly<Record<string, string>>} [options.settings] of the server
 * @throws {Error} with the code `SERVER_MISSING`, see `install`
 * @returns {Promise<Mariadb>}
 */
export async function startMariadb({ exclusive = false, logStatements = false, settings = {} } = {}) {
  const url = named(mariadb);
  const own = exclusive || logStatements || Object.keys(settings).length > 0;
  if (url !== undefined && !own) return new Mariadb(withPort(url));

  const program = await install(ownMariadb);
  const server = await GuardedServer.open('mariadb', unlessRoot('mysql'));
  try {
    const all = { ...SETTINGS, ...(logStatements ? LOG_SETTINGS : {}), ...settings };
    const cluster = new MariadbCluster(server, program, all);
    await cluster.create();
    return new Mariadb(cluster.url, cluster);
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** @param {string} url */
function withPort(url) {
  const { port } = new URL(url);
  return Object.assign(new URL(url), { port: port === '' ? '3306' : port }).href;
}

/** A running server: its own, or one that somebody else has started. */
export class Mariadb {
  /** Of the database `mysql` on a server of its own, with the password. @readonly */
  url;
  #cluster;
  #databases = /** @type {string[]} */ ([]);

  /**
   * @param {string} url
   * @param {MariadbCluster} [cluster]
   */
  constructor(url, cluster) {
    this.url = url;
    this.#cluster = cluster;
  }

  /** An empty database with a name of its own, gone when the server is stopped. */
  async createDatabase() {
    const name = `flamingock_${randomBytes(6).toString('hex')}`;
    await execute(this.url, `CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
    this.#databases.push(name);
    return { url: Object.assign(new URL(this.url), { pathname: name }).href };
  }

  /**
   * What clients have sent so far, in order, one text for each message. Needs the option `logStatements`.
   *
   * @param {string} [url] of one database, which clients have named when they connected; default: all
   */
  async statements(url) {
    const database = url === undefined ? undefined : new URL(url).pathname.slice(1);
    return statementsIn(await this.#own().statementLog(), database);
  }

  /** Ends it as an operator does, with the connections that are open, and starts it again: also after `kill`. */
  async restart() {
    await this.#own().restart();
  }

  /** Kills it as a crash does. */
  async kill() {
    await this.#own().kill();
  }

  /**
   * Changes a setting for everybody who connects from now on.
   *
   * @param {string} name
   * @param {string} value as it is written in SQL
   */
  async set(name, value) {
    await execute(this.#own().url, `SET GLOBAL ${name} = ${value}`);
  }

  async stop() {
    if (this.#cluster !== undefined) return this.#cluster.stop();
    await withClient(this.url, async (client) => {
      for (const name of this.#databases.splice(0)) await client.query(`DROP DATABASE ${name}`);
    });
  }

  #own() {
    if (this.#cluster !== undefined) return this.#cluster;
    throw new Error(`This server is the one of ${String(mariadb.variable)}: ask for { exclusive: true }.`);
  }
}
