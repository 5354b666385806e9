import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { GuardedServer } from './guarded-server.mjs';
import { findProgram, install, named, versionsIn } from './installation.mjs';
import { execute, set } from './postgres-client.mjs';
import { PostgresCluster } from './postgres-cluster.mjs';
import { LOG_SETTINGS, statementsIn } from './postgres-log.mjs';
import { unlessRoot } from './system-user.mjs';

/** @type {import('./installation.mjs').Service} */
export const postgres = {
  name: 'PostgreSQL',
  packages: ['postgresql'],
  variable: 'FLAMINGOCK_TEST_POSTGRES_URL',
  find: () =>
    findProgram('initdb', [...versionsIn('/usr/lib/postgresql').map((folder) => join(folder, 'bin'))]),
};

/**
 * For tests that give a server settings, read its log, restart or kill it: a named server does not serve them.
 *
 * @type {import('./installation.mjs').Service}
 */
export const ownPostgres = { name: postgres.name, packages: postgres.packages, find: postgres.find };

/**
 * What every server runs with, unless a test sets something else.
 *
 * - `max_connections`: fifty processes, each with a pool.
 * - `fsync`: off, which makes commits many times faster. What it gives up is a crash of the whole machine, which no
 *   test can cause. A server that is killed loses nothing: what it wrote is in the system's hands, and
 *   `synchronous_commit` and `full_page_writes` stay on. Benchmarks set it on.
 * - `dynamic_shared_memory_type`: in files, so that a killed server leaves no shared memory of that kind behind.
 */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '300',
  fsync: 'off',
  dynamic_shared_memory_type: 'mmap',
};

/**
 * Starts a PostgreSQL server of its own on a free port of 127.0.0.1 and installs it where it is missing. Where
 * `FLAMINGOCK_TEST_POSTGRES_URL` names a running server, whose user must be a superuser, it is used instead, unless
 * one of the options is given. Whoever starts one stops it.
 *
 * @param {object} [options]
 * @param {boolean} [options.exclusive] the test restarts or kills it
 * @param {boolean} [options.logStatements] for `statements()`
 * @param {Readonly<Record<string, string>>} [options.settings] of `postgresql.conf`
 * @throws {Error} with the code `SERVER_MISSING`, see `install`
 * @returns {Promise<Postgres>}
 */
export async function startPostgres({ exclusive = false, logStatements = false, settings = {} } = {}) {
  const url = namedPostgres();
  const own = exclusive || logStatements || Object.keys(settings).length > 0;
  if (url !== undefined && !own) return new Postgres(url);

  const programs = dirname(await install(ownPostgres));
  const server = await GuardedServer.open('postgres', unlessRoot('postgres'));
  try {
    const all = { ...SETTINGS, ...(logStatements ? LOG_SETTINGS : {}), ...settings };
    const cluster = new PostgresCluster(server, programs, all);
    await cluster.create();
    return new Postgres(cluster.url, cluster);
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** The server that the person has named, with its port. */
export function namedPostgres() {
  const url = named(postgres);
  if (url === undefined) return undefined;
  const { port } = new URL(url);
  return Object.assign(new URL(url), { port: port === '' ? '5432' : port }).href;
}

/** A running server: its own, or one that somebody else has started. */
export class Postgres {
  /** Of the database `postgres` on a server of its own, with the password. @readonly */
  url;
  #cluster;
  #databases = /** @type {string[]} */ ([]);

  /**
   * @param {string} url
   * @param {PostgresCluster} [cluster]
   */
  constructor(url, cluster) {
    this.url = url;
    this.#cluster = cluster;
  }

  /**
   * A database with a name of its own, gone when the server is stopped.
   *
   * @param {{ readonly url: string }} [original] it becomes a copy of this one, to which nobody may be connected;
   *   default: it is empty
   */
  async createDatabase(original) {
    const name = `flamingock_${randomBytes(6).toString('hex')}`;
    const template = original === undefined ? '' : ` TEMPLATE ${new URL(original.url).pathname.slice(1)}`;
    await execute(this.url, `CREATE DATABASE ${name}${template}`);
    this.#databases.push(name);
    const url = new URL(this.url);
    url.pathname = name;
    return { url: url.href };
  }

  /**
   * What clients have sent so far, in order, one text for each message: see `statementsIn`. Needs the option
   * `logStatements`.
   *
   * @param {string} [url] of one database; default: all
   */
  async statements(url) {
    const database = url === undefined ? undefined : new URL(url).pathname.slice(1);
    return statementsIn(await this.#own().log(), database);
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
   * Changes a setting for everybody, also for connections that are open.
   *
   * @param {string} name
   * @param {string} value as the server shows it
   */
  async set(name, value) {
    await set(this.#own().url, name, value);
  }

  async stop() {
    if (this.#cluster !== undefined) return this.#cluster.stop();
    for (const name of this.#databases.splice(0))
      await execute(this.url, `DROP DATABASE ${name} WITH (FORCE)`);
  }

  #own() {
    if (this.#cluster !== undefined) return this.#cluster;
    throw new Error(`This server is the one of ${String(postgres.variable)}: ask for { exclusive: true }.`);
  }
}
