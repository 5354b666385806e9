import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { familiesOf, familyOf, systemOf } from '../../../tools/crash/pairs.mjs';
import { Sandbox } from '../sandbox.mjs';
import { openHttp } from './http.mjs';
import { openKafka } from './kafka.mjs';
import { openMariadb } from './mariadb.mjs';
import { openMongodb } from './mongodb.mjs';
import { openPostgres } from './postgres.mjs';
import { openRegistry } from './registry.mjs';
import { openSqlite } from './sqlite.mjs';

/** @typedef {import('../../../tools/crash/pairs.mjs').Pair} Pair */
/** @typedef {import('../../../tools/crash/pairs.mjs').Family} Family */

/** @typedef {'audit' | 'orders'} Place of the audit store, or of what the changes act on where that is another database */

/**
 * The systems of one trial, which nobody else uses: a directory, a schema in each database of PostgreSQL, names that begin
 * with its own in each of the others.
 *
 * @typedef {object} Trial
 * @property {Pair} pair
 * @property {string} name
 * @property {string} directory
 * @property {string} audit the URL or the file of the audit store
 * @property {string} orders and of what the changes act on
 */

/** @typedef {{ readonly name: string, readonly complete: boolean }} Effect */

/**
 * Systems that changes act on, and that stores are in, watched from outside. To add one: a file that opens it, its entry in
 * `OPEN`, how a process opens it and its changes in `fixtures/crash`, its kind among the pairs.
 *
 * @typedef {object} WatchedSystem
 * @property {(trial: Pick<Trial, 'directory'>, place: Place) => string} address what a process reaches it by
 * @property {(trial: Trial) => Promise<unknown>} [prepare] what a store or a target of a trial needs there
 * @property {(trial: Trial, place: Place) => Promise<unknown>} [prepareEffects] what its changes need there beside that
 * @property {(trial: Trial, place: Place) => Promise<readonly Effect[]>} effects what the changes have done so far, oldest first
 * @property {(trial: Trial, place: Place, name: string) => Promise<unknown>} [takeBack] what a person does about a half of one
 */

/** @type {Readonly<Record<Family, (sandbox: Sandbox) => WatchedSystem | Promise<WatchedSystem>>>} */
const OPEN = {
  sqlite: openSqlite,
  postgres: openPostgres,
  mariadb: openMariadb,
  mongodb: openMongodb,
  http: openHttp,
  kafka: openKafka,
  registry: openRegistry,
};

/** What the processes of a crash matrix act on. */
export class CrashSystems {
  #sandbox;
  #systems;
  /** Of a server that was named, others may be at work, too. */
  #run = randomBytes(3).toString('hex');
  #trials = 0;

  /**
   * @param {Sandbox} sandbox
   * @param {ReadonlyMap<Family, WatchedSystem>} systems
   */
  constructor(sandbox, systems) {
    this.#sandbox = sandbox;
    this.#systems = systems;
  }

  /** @param {readonly Pair[]} pairs a server is started only where one of them needs it */
  static async open(pairs) {
    const sandbox = await Sandbox.open();
    const systems = new Map();
    try {
      for (const family of new Set(pairs.flatMap((pair) => [...familiesOf(pair)])))
        systems.set(family, await OPEN[family](sandbox));
    } catch (error) {
      await sandbox.close();
      throw error;
    }
    return new CrashSystems(sandbox, systems);
  }

  /**
   * New, empty systems.
   *
   * @param {Pair} pair
   * @returns {Promise<Trial>}
   */
  async prepare(pair) {
    this.#trials += 1;
    const name = `trial_${this.#run}_${this.#trials}`;
    const directory = this.#sandbox.path(name);
    await mkdir(directory);
    const trial = {
      pair,
      name,
      directory,
      audit: this.#system(familyOf(pair.store)).address({ directory }, 'audit'),
      orders: this.#system(familyOf(systemOf(pair))).address({ directory }, 'orders'),
    };
    for (const family of familiesOf(pair)) await this.#system(family).prepare?.(trial);
    await this.#acted(trial).prepareEffects?.(trial, placeOf(trial));
    return trial;
  }

  /**
   * What the changes of a trial have done so far, oldest first.
   *
   * @param {Trial} trial
   */
  effects(trial) {
    return this.#acted(trial).effects(trial, placeOf(trial));
  }

  /**
   * What a person does about a half of a change: takes it back by hand.
   *
   * @param {Trial} trial
   * @param {string} name of its effect
   */
  async takeBack(trial, name) {
    await this.#acted(trial).takeBack?.(trial, placeOf(trial), name);
  }

  close() {
    return this.#sandbox.close();
  }

  /**
   * The one that the changes act on.
   *
   * @param {Trial} trial
   */
  #acted({ pair }) {
    return this.#system(familyOf(systemOf(pair)));
  }

  /** @param {Family} family */
  #system(family) {
    const system = this.#systems.get(family);
    if (system === undefined) throw new TypeError(`No pair had told that ${family} is needed`);
    return system;
  }
}

/**
 * @param {Trial} trial
 * @returns {Place}
 */
function placeOf({ pair: { target } }) {
  return target === 'shared' ? 'audit' : 'orders';
}
