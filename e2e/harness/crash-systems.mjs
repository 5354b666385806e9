import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { databaseOf, effectsTable, needsPostgres } from '../../tools/crash/pairs.mjs';
import { startPostgres } from '../../tools/services/postgres.mjs';
import { EffectCounter } from './effect-counter.mjs';
import { Sandbox } from './sandbox.mjs';

/** @typedef {import('../../tools/crash/pairs.mjs').Pair} Pair */

/**
 * The systems of one trial, which nobody else uses: files in a directory, a schema in each database, a path at the
 * counting system.
 *
 * @typedef {object} Trial
 * @property {Pair} pair
 * @property {string} directory
 * @property {string} schema
 * @property {{ readonly audit: string, readonly orders: string, readonly http: string }} urls
 */

/** @typedef {{ readonly name: string, readonly complete: boolean }} Effect */

/** What the processes of a crash matrix act on, watched from outside. */
export class CrashSystems {
  #sandbox;
  #counter;
  #urls;
  #pools;
  #trials = 0;

  /**
   * @param {Sandbox} sandbox
   * @param {EffectCounter} counter
   * @param {{ readonly audit: string, readonly orders: string }} urls
   * @param {Readonly<Record<'audit' | 'orders', pg.Pool>> | undefined} pools
   */
  constructor(sandbox, counter, urls, pools) {
    this.#sandbox = sandbox;
    this.#counter = counter;
    this.#urls = { ...urls, http: counter.url };
    this.#pools = pools;
  }

  /** @param {readonly Pair[]} pairs a PostgreSQL server is started only where one of them needs it */
  static async open(pairs) {
    const sandbox = await Sandbox.open();
    const counter = await EffectCounter.start();
    sandbox.onClose(() => counter.close());
    if (!pairs.some(needsPostgres))
      return new CrashSystems(sandbox, counter, { audit: '', orders: '' }, undefined);

    const server = await startPostgres();
    sandbox.onClose(() => server.stop());
    const poolOf = (/** @type {string} */ connectionString) => {
      const pool = new pg.Pool({ connectionString });
      sandbox.onClose(() => pool.end());
      return pool;
    };
    const audit = await server.createDatabase();
    const orders = await server.createDatabase();
    const pools = { audit: poolOf(audit.url), orders: poolOf(orders.url) };
    return new CrashSystems(sandbox, counter, { audit: audit.url, orders: orders.url }, pools);
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
    const trial = { pair, directory: this.#sandbox.path(schema), schema, urls: this.#urls };
    await mkdir(trial.directory);
    if (needsPostgres(pair))
      for (const pool of Object.values(this.#pools ?? {})) await pool.query(`CREATE SCHEMA ${schema}`);
    await this.#query(
      trial,
      `CREATE TABLE ${effectsTable(trial)} (position ${this.#key(pair)}, name text, complete boolean)`,
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

  /** @param {Pair} pair */
  #key(pair) {
    return databaseOf(pair).endsWith('postgres') ? 'bigserial' : 'integer PRIMARY KEY';
  }

  /**
   * @param {Trial} trial
   * @param {string} sql
   * @returns {Promise<readonly Readonly<Record<string, unknown>>[]>}
   */
  async #query(trial, sql) {
    if (isHttp(trial)) return [];
    const place = trial.pair.target === 'shared' ? 'audit' : 'orders';
    if (databaseOf(trial.pair).endsWith('postgres'))
      return (await this.#pools?.[place].query(sql))?.rows ?? [];
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
