import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { GuardedServer, onFreePort } from './guarded-server.mjs';
import { findProgram, install, named } from './installation.mjs';
import { jarsFromMaven } from './maven.mjs';
import { startTcpProxy } from './tcp-proxy.mjs';

const { folder: JARS, ...fromMaven } = jarsFromMaven('kafka-4.1.1', [
  'org.apache.kafka:kafka_2.13:4.1.1',
  'org.slf4j:slf4j-simple:1.7.36',
]);

/**
 * For tests that restart or kill it, or want users, settings or a proxy: a named cluster does not serve them.
 *
 * @type {import('./installation.mjs').Service}
 */
export const ownKafka = { name: 'Kafka', ...fromMaven };

/** @type {import('./installation.mjs').Service} */
export const kafka = { ...ownKafka, variable: 'FLAMINGOCK_TEST_KAFKA_BROKERS' };

/** Its ports, above the first one: clients that are asked for nothing, clients by way of the proxy, users, the controller. */
const PORTS = { plain: 0, proxied: 1, users: 2, controller: 3 };

/**
 * @typedef {object} KafkaOptions
 * @property {boolean} [exclusive] the test restarts, stops or kills it
 * @property {readonly string[]} [users] who may log on, with their names as passwords; they may do what ACLs allow, and
 *   whoever comes without a name may do everything
 * @property {boolean} [proxied] clients of `proxiedBrokers` speak to it by way of a proxy
 * @property {Readonly<Record<string, string | number>>} [settings] of `server.properties`
 */

/**
 * Starts a broker, which is its own controller, on free ports of 127.0.0.1, and installs it where it is missing. Where
 * `FLAMINGOCK_TEST_KAFKA_BROKERS` names those of a running cluster, it is used instead, unless one of the options is
 * given. Whoever starts one stops it.
 *
 * @param {KafkaOptions} [options]
 * @throws {Error} with the code `SERVER_MISSING`, see `install`
 * @returns {Promise<KafkaCluster>}
 */
export async function startKafka(options = {}) {
  const brokers = named(kafka);
  if (brokers !== undefined && Object.keys(options).length === 0) return new KafkaCluster(brokers.split(','));

  await install(ownKafka);
  const server = await GuardedServer.open('kafka');
  try {
    const process = new KafkaProcess(server, options);
    await process.start();
    return new KafkaCluster([process.address('plain')], process);
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** A data folder with a broker on it. */
class KafkaProcess {
  #server;
  #options;
  #port = 0;
  /** @type {import('./tcp-proxy.mjs').TcpProxy | undefined} */
  proxy;

  /**
   * @param {GuardedServer} server
   * @param {KafkaOptions} options
   */
  constructor(server, options) {
    this.#server = server;
    this.#options = options;
  }

  /** @param {keyof typeof PORTS} listener */
  address(listener) {
    return `127.0.0.1:${this.#port + PORTS[listener]}`;
  }

  get properties() {
    return join(this.#server.folder, 'server.properties');
  }

  async start() {
    this.#port = await onFreePort(async (port) => {
      this.#port = port;
      // A broker tells its clients where to come: so the proxy is there before it.
      if (this.#options.proxied === true)
        this.proxy = await startTcpProxy(`tcp://${this.address('proxied')}`);
      await this.#configure();
      const id = randomBytes(16).toString('base64url');
      const format = ['kafka.tools.StorageTool', 'format', '-t', id, '-c', this.properties];
      await this.#server.run(java(), [...JVM, ...format]);
      await this.run();
    });
  }

  async run() {
    await this.#server.start(java(), [...JVM, 'kafka.Kafka', this.properties], {
      ready: async () => (await Promise.all(this.#ports().map(accepts))).every(Boolean),
      endSignal: 'SIGKILL',
    });
  }

  /** @param {NodeJS.Signals} signal */
  end(signal) {
    return this.#server.end(signal);
  }

  /** @param {NodeJS.Signals} signal */
  signal(signal) {
    this.#server.signal(signal);
  }

  async stop() {
    await this.proxy?.close();
    await this.#server.close();
  }

  #ports() {
    const { plain, users } = PORTS;
    return [plain, ...(this.#options.users === undefined ? [] : [users])].map(
      (offset) => this.#port + offset,
    );
  }

  async #configure() {
    const { users, settings } = this.#options;
    const listeners = {
      PLAIN: this.address('plain'),
      ...(this.proxy === undefined ? {} : { PROXIED: this.address('proxied') }),
      ...(users === undefined ? {} : { USERS: this.address('users') }),
    };
    const advertised = {
      ...listeners,
      ...(this.proxy === undefined ? {} : { PROXIED: new URL(this.proxy.url).host }),
    };
    const properties = {
      'process.roles': 'broker,controller',
      'node.id': 1,
      'controller.quorum.voters': `1@${this.address('controller')}`,
      'controller.listener.names': 'CONTROLLER',
      'inter.broker.listener.name': 'PLAIN',
      'listener.security.protocol.map':
        'PLAIN:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT,USERS:SASL_PLAINTEXT',
      listeners: listed({ ...listeners, CONTROLLER: this.address('controller') }),
      'advertised.listeners': listed(advertised),
      'log.dirs': join(this.#server.folder, 'data'),
      'auto.create.topics.enable': false,
      'offsets.topic.replication.factor': 1,
      'offsets.topic.num.partitions': 1,
      'transaction.state.log.replication.factor': 1,
      'transaction.state.log.min.isr': 1,
      'transaction.state.log.num.partitions': 1,
      'share.coordinator.state.topic.replication.factor': 1,
      'share.coordinator.state.topic.min.isr': 1,
      'share.coordinator.state.topic.num.partitions': 1,
      'group.initial.rebalance.delay.ms': 0,
      // The default alone takes 128 MB.
      'log.cleaner.dedupe.buffer.size': 8_388_608,
      ...(users === undefined ? {} : accessControl(users)),
      ...settings,
    };
    const lines = Object.entries(properties).map(([name, value]) => `${name}=${value}\n`);
    await writeFile(this.properties, lines.join(''));
  }
}

/** A running cluster: its own broker, or one that somebody else has started. */
export class KafkaCluster {
  /** Whose clients are asked for nothing, and may do everything. @readonly */
  brokers;
  #process;

  /**
   * @param {string[]} brokers
   * @param {KafkaProcess} [process]
   */
  constructor(brokers, process) {
    this.brokers = brokers;
    this.#process = process;
  }

  /** By way of the proxy. */
  get proxiedBrokers() {
    return [new URL(this.proxy.url).host];
  }

  /** Needs the option `proxied`. */
  get proxy() {
    const { proxy } = this.#own();
    if (proxy === undefined) throw new Error('Start it with { proxied: true }.');
    return proxy;
  }

  /**
   * What a client of kafkajs needs to log on. Needs the option `users`.
   *
   * @param {string} username
   */
  logon(username) {
    const sasl = { mechanism: /** @type {const} */ ('plain'), username, password: username };
    return { brokers: [this.#own().address('users')], sasl };
  }

  /**
   * A name that no topic has.
   *
   * @param {string} [what]
   */
  topic(what = 'order-events') {
    return `${what}-${randomBytes(4).toString('hex')}`;
  }

  /** Ends it as an operator does, with the connections that are open, and starts it again: also after `kill`. */
  async restart() {
    await this.#own().end('SIGTERM');
    await this.#own().run();
  }

  /** Kills it as a crash does. */
  async kill() {
    await this.#own().end('SIGKILL');
  }

  /** It keeps its connections, and says nothing any more. */
  pause() {
    this.#own().signal('SIGSTOP');
  }

  /** Goes on after `pause`. */
  resume() {
    this.#own().signal('SIGCONT');
  }

  async stop() {
    await this.#process?.stop();
  }

  #own() {
    if (this.#process !== undefined) return this.#process;
    throw new Error(`This cluster is the one of ${String(kafka.variable)}: ask for { exclusive: true }.`);
  }
}

const JVM = [
  ...['-Xms128m', '-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
  ...['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-cp', `${JARS}/*`],
];

function java() {
  return /** @type {string} */ (findProgram('java'));
}

/** @param {Readonly<Record<string, string>>} listeners */
function listed(listeners) {
  return Object.entries(listeners)
    .map(([name, address]) => `${name}://${address}`)
    .join(',');
}

/** @param {readonly string[]} users */
function accessControl(users) {
  const known = users.map((user) => `user_${user}="${user}"`).join(' ');
  return {
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:ANONYMOUS',
    'sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.users.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required ${known};`,
  };
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
