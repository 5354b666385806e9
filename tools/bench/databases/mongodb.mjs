import { MongoClient } from 'mongodb';
import { startMongodb } from '../../services/mongodb.mjs';
import { Scratch } from './scratch.mjs';

/** @typedef {import('./database.mjs').BenchDatabase} BenchDatabase */
/** @typedef {import('mongodb').Document} Document */

/** What the driver sends by itself when it is closed. */
const OF_DRIVER = 'endSessions';
/** What the driver adds to every command. */
const ADDED = ['lsid', '$db', '$clusterTime'];

/**
 * A server that speaks MongoDB's protocol, as a replica set of one, or the one that `FLAMINGOCK_TEST_MONGODB_URL` names. What it is told is counted by the monitoring of
 * commands in the driver of the tool, which is switched on for that alone.
 *
 * @implements {BenchDatabase}
 */
export class MongodbBench {
  /** @readonly */ version;
  #server;
  #scratch = new Scratch();

  /**
   * @param {import('../../services/mongodb.mjs').Mongodb} server
   * @param {string} version with the name of what it is
   */
  constructor(server, version) {
    this.#server = server;
    this.version = version;
  }

  static async start() {
    const server = await startMongodb();
    return onClient(server.url, async (client) => {
      // What speaks its protocol gives the version of MongoDB, and its own beside it.
      const { version, secantusVersion: secantus } = await client.db('admin').command({ buildInfo: 1 });
      return new MongodbBench(
        server,
        secantus === undefined ? `MongoDB ${version}` : `SecantusDB ${secantus}`,
      );
    });
  }

  async createDatabase() {
    const { url } = this.#server.createDatabase();
    // A member of a replica set would tell its own address, and no delay be met on the way there.
    const direct = url.replace(/replicaSet=\w+/, 'directConnection=true');
    await onClient(direct, (client) => client.db().createCollection('effects'));
    return { url: direct, folder: this.#scratch.folder };
  }

  /** @type {import('./database.mjs').Counted} */
  async counted(url, open, work) {
    const commands = await this.#commands(url, open, work);
    return { statements: commands.length, roundTrips: commands.length };
  }

  /** @param {string} url */
  effects(url) {
    return onClient(url, (client) => client.db().collection('effects').countDocuments());
  }

  /**
   * @param {string} url
   * @param {import('./database.mjs').Open} open
   */
  async bareQuery(url, open) {
    const [sent = {}] = await this.#commands(url, open, (application) => application.start());
    const command = Object.fromEntries(Object.entries(sent).filter(([name]) => !ADDED.includes(name)));
    const client = await warmClient(url);
    return { run: () => client.db().command(command), close: () => client.close() };
  }

  async stop() {
    this.#scratch.remove();
    await this.#server.stop();
  }

  /**
   * @param {string} url
   * @param {import('./database.mjs').Open} open
   * @param {(application: import('./database.mjs').Application) => Promise<unknown>} work
   * @returns {Promise<readonly Document[]>}
   */
  async #commands(url, open, work) {
    const application = await open(`${url}&monitorCommands=true`);
    if (application.clients === undefined) throw new Error('its clients are needed, to count what they send');
    const commands = /** @type {Document[]} */ ([]);
    for (const client of application.clients)
      client.on('commandStarted', ({ commandName, command }) => {
        if (commandName !== OF_DRIVER) commands.push(command);
      });
    await work(application);
    const counted = [...commands];
    await application.close();
    return counted;
  }
}

/**
 * A client as an application has it when it starts: with open connections.
 *
 * @param {string} url
 */
export async function warmClient(url) {
  const client = await new MongoClient(url, { minPoolSize: 3 }).connect();
  const ping = () => client.db().command({ ping: 1 });
  await Promise.all([ping(), ping(), ping()]);
  return client;
}

/**
 * @template T
 * @param {string} url
 * @param {(client: MongoClient) => Promise<T>} work
 */
async function onClient(url, work) {
  const client = new MongoClient(url);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}
