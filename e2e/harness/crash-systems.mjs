import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { databaseOf, effectsTable, needsMariadb, needsPostgres } from '../../tools/crash/pairs.mjs';
import { startMariadb } from '../../tools/services/mariadb.mjs';
import { startPostgres } from '../../tools/services/postgres.mjs';
import { EffectCounter } from './effect-counter.mjs';
import { Sandbox } from './sandbox.mjs';

/** @typedef {import('../../tools/crash/pairs.mjs').Pair} Pair */

/**
 * The systems of one trial, which nobody else uses: files in a directory, a schema in each database of PostgreSQL and
 * names that begin with its own in each of MariaDB, a path at the counting system.
 *
 * @typedef {object} Trial
 * @property {Pair} pair
 * @property {string} directory
 * @property {string} schema
 * @property {{ readonly postgres: Urls, readonly mariadb: Urls, readonly http: string }} urls
 */

/** @typedef {{ readonly name: string, readonly complete: boolean }} Effect */
/** @typedef {{ readonly audit: string, readonly orders: string }} Urls of the two databases on a server */

/**
 * The two databases on a server, looked at from outside.
 *
 * @typedef {object} Databases
 * @property {Urls} urls
 * @property {(place: keyof Urls, sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>} query
 */

/** Where no pair needs a server. */
const NONE = { urls: { audit: '', orders: '' }, query: () => Promise.resolve([]) };

/** What the processes of a crash matrix act on, watched from outside. */
export class CrashSystems {
  #sandbox;
  #counter;
  #postgres;
  #mariadb;
  #trials = 0;

  /**
   * @param {Sandbox} sandbox
   * @param {EffectCounter} counter
   * @param {{ readonly postgres: Databases, readonly mariadb: Databases }} servers
   */
  constructor(sandbox, counter, { postgres, mariadb }) {
    this.#sandbox = sandbox;
    this.#counter = counter;
    this.#postgres = postgres;
    this.#mariadb = mariadb;
  }

  /** @param {readonly Pair[]} pairs a server is started only where one of them needs it */
  static async open(pairs) {
    const sandbox = await Sandbox.open();
    const counter = await EffectCounter.start();
    sandbox.onClose(() => counter.close());
    return new CrashSystems(sandbox, counter, {
      postgres: pairs.some(needsPostgres) ? await openPostgres(sandbox) : NONE,
      mariadb: pairs.some(needsMariadb) ? await openMariadb(sandbox) : NONE,
    });
  }

  /**
   * New, empty systems.
   *
   * @param {Pair} pair
   * @returns {Promise<Trial>}
   */
  async prepare(pair) {
    this.#trials += 1;
    const schema = `trial_${this.#trials}`;
    const urls = {
      postgres: this.#postgres.urls,
      mariadb: this.#mariadb.urls,
      http: this.#counter.url,
    };
    const trial = { pair, directory: this.#sandbox.path(schema), schema, urls };
    await mkdir(trial.directory);
    if (needsPostgres(pair))
      for (const place of PLACES) await this.#postgres.query(place, `CREATE SCHEMA ${schema}`);
    await this.#query(
      trial,
      `CREATE TABLE ${effectsTable(trial)} (position ${keyOf(pair)}, name text, complete boolean)`,
    );
    return trial;
  }

  /**
   * What the changes of a trial have done so far, oldest first.
   *
   * @param {Trial} trial
   * @returns {Promise<readonly Effect[]>}
   */
  async effects(trial) {
    if (isHttp(trial)) return this.#counter.of(trial.schema).map((name) => ({ name, complete: true }));
    const rows = await this.#query(
      trial,
      `SELECT name, complete FROM ${effectsTable(trial)} ORDER BY position`,
    );
    return rows.map(({ name, complete }) => ({ name: String(name), complete: Boolean(complete) }));
  }

  /**
   * What a person does about a half of a change: takes it back by hand.
   *
   * @param {Trial} trial
   * @param {string} changeId
   */
  async takeBack(trial, changeId) {
    await this.#query(trial, `DELETE FROM ${effectsTable(trial)} WHERE name = '${changeId}'`);
  }

  close() {
    return this.#sandbox.close();
  }

  /**
   * @param {Trial} trial
   * @param {string} sql
   * @returns {Promise<readonly Readonly<Record<string, unknown>>[]>}
   */
  async #query(trial, sql) {
    if (isHttp(trial)) return [];
    const place = trial.pair.target === 'shared' ? 'audit' : 'orders';
    const kind = databaseOf(trial.pair);
    if (kind.endsWith('postgres')) return this.#postgres.query(place, sql);
    if (kind.endsWith('mariadb')) return this.#mariadb.query(place, sql);
    const database = new Database(join(trial.directory, `${place}.db`));
    try {
      const statement = database.prepare(sql);
      if (statement.reader) return /** @type {Readonly<Record<string, unknown>>[]} */ (statement.all());
      statement.run();
      return [];
    } finally {
      database.close();
    }
  }
}

/** @param {Trial} trial */
function isHttp({ pair: { target } }) {
  return target === 'http' || target === 'http-verify';
}

const PLACES = /** @type {const} */ (['audit', 'orders']);

/** @param {Pair} pair */
function keyOf(pair) {
  const kind = databaseOf(pair);
  if (kind.endsWith('postgres')) return 'bigserial';
  return kind.endsWith('mariadb') ? 'bigint AUTO_INCREMENT PRIMARY KEY' : 'integer PRIMARY KEY';
}

/**
 * @param {Sandbox} sandbox
 * @returns {Promise<Databases>}
 */
async function openPostgres(sandbox) {
  const server = await startPostgres();
  sandbox.onClose(() => server.stop());
  const [audit, orders] = [await server.createDatabase(), await server.createDatabase()];
  const poolOf = (/** @type {string} */ connectionString) => {
    const pool = new pg.Pool({ connectionString });
    sandbox.onClose(() => pool.end());
    return pool;
  };
  const pools = { audit: poolOf(audit.url), orders: poolOf(orders.url) };
  return {
    urls: { audit: audit.url, orders: orders.url },
    query: async (place, sql) => (await pools[place].query(sql)).rows,
  };
}

/**
 * @param {Sandbox} sandbox
 * @returns {Promise<Databases>}
 */
async function openMariadb(sandbox) {
  const server = await startMariadb();
  sandbox.onClose(() => server.stop());
  const [audit, orders] = [await server.createDatabase(), await server.createDatabase()];
  const poolOf = (/** @type {string} */ uri) => {
    const pool = mysql.createPool({ uri });
    sandbox.onClose(() => pool.end());
    return pool;
  };
  const pools = { audit: poolOf(audit.url), orders: poolOf(orders.url) };
  return {
    urls: { audit: audit.url, orders: orders.url },
    async query(place, sql) {
      const [rows] = await pools[place].query(sql);
      return Array.isArray(rows) ? /** @type {Readonly<Record<string, unknown>>[]} */ (rows) : [];
    },
  };
}
