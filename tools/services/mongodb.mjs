import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { MongoClient } from 'mongodb';
import { GuardedServer, onFreePort } from './guarded-server.mjs';
import { findProgram, install, named } from './installation.mjs';

/** The release of SecantusDB that is tested with: MongoDB's wire protocol over the WiredTiger engine. */
const RELEASE = 'SecantusDB==0.7.0b3';

/** Its Python environment: kept from one run to the next, outside of the checkout. */
const ENVIRONMENT = join(homedir(), '.cache/flamingock', RELEASE.replace('==', '-'));

/** Makes the environment `$1` with the release `$2`; `ready` appears in it when everything is there. */
const SCRIPT = `
[ -e "$1/ready" ] && exit
rm -rf "$1"
python3 -m venv "$1" && "$1/bin/pip" install --quiet "$2" && mkdir "$1/ready" && ln -s ../bin/secantusd-py "$1/ready"
`;

/** Starts the server, with `transactionLifetimeLimitSeconds` as its first argument: its own command line does not know it. */
const LAUNCHER = `
import sys
from secantus.cli import main
from secantus.server import SecantusDBServer
SecantusDBServer.__init__.__kwdefaults__['transaction_lifetime_seconds'] = float(sys.argv.pop(1))
sys.exit(main())
`;

/** @type {import('./installation.mjs').Service} */
export const mongodb = {
  name: 'MongoDB',
  packages: ['python3-venv'],
  variable: 'FLAMINGOCK_TEST_MONGODB_URL',
  find: () => findProgram('secantusd-py', [join(ENVIRONMENT, 'ready')]),
  async make() {
    await mkdir(dirname(ENVIRONMENT), { recursive: true });
    await promisify(execFile)('flock', [
      `${ENVIRONMENT}.lock`,
      'sh',
      '-c',
      SCRIPT,
      'sh',
      ENVIRONMENT,
      RELEASE,
    ]);
  },
};

/**
 * For tests that restart or kill it, or want users or no replica set: a named server does not serve them.
 *
 * @type {import('./installation.mjs').Service}
 */
export const ownMongodb = {
  name: mongodb.name,
  packages: mongodb.packages,
  find: mongodb.find,
  ...(mongodb.make === undefined ? {} : { make: mongodb.make }),
};

/**
 * Starts a server that speaks MongoDB's protocol on a free port of 127.0.0.1, as a replica set of one, and installs it where
 * it is missing. Where `FLAMINGOCK_TEST_MONGODB_URL` names a running replica set, it is used instead, unless one of the
 * options is given. Whoever starts one stops it.
 *
 * @param {object} [options]
 * @param {boolean} [options.exclusive] the test restarts or kills it
 * @param {boolean} [options.standalone] it is no replica set, and so has no transactions
 * @param {boolean} [options.users] it asks for a password: see `createUser`
 * @param {number} [options.transactionSeconds] when it ends a transaction in which nothing happens, in seconds; default 60
 * @throws {Error} with the code `SERVER_MISSING`, see `install`
 * @returns {Promise<Mongodb>}
 */
export async function startMongodb({
  exclusive = false,
  standalone = false,
  users = false,
  transactionSeconds,
} = {}) {
  const url = named(mongodb);
  const own = exclusive || standalone || users || transactionSeconds !== undefined;
  if (url !== undefined && !own) return new Mongodb(url);

  await install(ownMongodb);
  const server = await GuardedServer.open('mongodb');
  try {
    const process = new MongodbProcess(server, { standalone, transactionSeconds });
    await process.start();
    if (users) await process.askForPasswords();
    return new Mongodb(process.url, process);
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** A data folder with a server on it, which can be restarted and killed. */
class MongodbProcess {
  #server;
  #standalone;
  #transactionSeconds;
  #port = 0;
  /** Of the administrator, where it asks for passwords. */
  #password = /** @type {string | undefined} */ (undefined);

  /**
   * @param {GuardedServer} server
   * @param {{ readonly standalone: boolean, readonly transactionSeconds: number | undefined }} options
   */
  constructor(server, { standalone, transactionSeconds = 60 }) {
    this.#server = server;
    this.#standalone = standalone;
    this.#transactionSeconds = transactionSeconds;
  }

  get url() {
    const user = this.#password === undefined ? '' : `flamingock:${this.#password}@`;
    const source = this.#password === undefined ? '' : 'authSource=admin&';
    const members = this.#standalone ? 'directConnection=true' : 'replicaSet=secantus';
    return `mongodb://${user}127.0.0.1:${this.#port}/?${source}${members}`;
  }

  async start() {
    this.#port = await onFreePort((port) => this.#run(port));
  }

  async restart() {
    await this.#server.end('SIGTERM');
    await this.#run(this.#port);
  }

  async kill() {
    await this.#server.end('SIGKILL');
  }

  /** Users are created while nobody is asked for a password. */
  async askForPasswords() {
    const password = randomBytes(12).toString('hex');
    await withClient(this.url, (client) =>
      client.db('admin').command({ createUser: 'flamingock', pwd: password, roles: ['root'] }),
    );
    await this.#server.end('SIGTERM');
    this.#password = password;
    await this.#run(this.#port);
  }

  stop() {
    return this.#server.close();
  }

  /** @param {number} port */
  async #run(port) {
    this.#port = port;
    await this.#server.start(
      join(ENVIRONMENT, 'bin/python3'),
      [
        ...['-c', LAUNCHER, String(this.#transactionSeconds)],
        ...[
          '--host',
          '127.0.0.1',
          '--port',
          String(port),
          '--storage-path',
          'data',
          '--log-level',
          'WARNING',
        ],
        // Without it a killed server loses what it has acknowledged.
        ...['--cache-size', '128M', '--sync-on-commit', '--enable-test-commands'],
        ...(this.#standalone ? ['--standalone'] : []),
        ...(this.#password === undefined ? [] : ['--auth']),
      ],
      { ready: () => answers(this.url), endSignal: 'SIGKILL' },
    );
  }
}

/** A running server: its own, or one that somebody else has started. */
export class Mongodb {
  /** Without the name of a database. @readonly */
  url;
  #process;
  #databases = /** @type {string[]} */ ([]);

  /**
   * @param {string} url
   * @param {MongodbProcess} [process]
   */
  constructor(url, process) {
    this.url = url;
    this.#process = process;
  }

  /** The URL of a database with a name of its own, which is empty, and gone when the server is stopped. */
  createDatabase() {
    const name = `flamingock_${randomBytes(6).toString('hex')}`;
    this.#databases.push(name);
    return { url: at(this.url, name), name };
  }

  /**
   * The URL of a database for a user who may do there what the roles say. Needs the option `users`.
   *
   * @param {string} database
   * @param {readonly { readonly collection: string, readonly actions: readonly string[] }[]} privileges
   */
  async createUser(database, privileges) {
    const name = `user_${randomBytes(6).toString('hex')}`;
    await withClient(this.url, async (client) => {
      const db = client.db(database);
      await db.command({
        createRole: name,
        privileges: privileges.map(({ collection, actions }) => ({
          resource: { db: database, collection },
          actions,
        })),
        roles: [],
      });
      await db.command({ createUser: name, pwd: name, roles: [{ role: name, db: database }] });
    });
    const url = new URL(at(this.url, database));
    url.searchParams.set('authSource', database);
    return Object.assign(url, { username: name, password: name }).href;
  }

  /** Ends it as an operator does, with the connections that are open, and starts it again: also after `kill`. */
  async restart() {
    await this.#own().restart();
  }

  /** Kills it as a crash does. */
  async kill() {
    await this.#own().kill();
  }

  async stop() {
    if (this.#process !== undefined) return this.#process.stop();
    await withClient(this.url, async (client) => {
      for (const name of this.#databases.splice(0)) await client.db(name).dropDatabase();
    });
  }

  #own() {
    if (this.#process !== undefined) return this.#process;
    throw new Error(`This server is the one of ${String(mongodb.variable)}: ask for { exclusive: true }.`);
  }
}

/**
 * @param {string} url
 * @param {string} database
 */
function at(url, database) {
  return Object.assign(new URL(url), { pathname: `/${database}` }).href;
}

/** @param {string} url */
async function answers(url) {
  try {
    await withClient(url, (client) => client.db('admin').command({ ping: 1 }));
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {string} url
 * @param {(client: MongoClient) => Promise<unknown>} use
 */
async function withClient(url, use) {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 1_000 });
  try {
    await use(await client.connect());
  } finally {
    await client.close();
  }
}
