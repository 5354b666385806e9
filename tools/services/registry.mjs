import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { GuardedServer, onFreePort } from './guarded-server.mjs';
import { findProgram, install, named } from './installation.mjs';
import { archiveFromMaven } from './maven.mjs';

const { folder: RELEASE, ...fromMaven } = archiveFromMaven(
  'apicurio-registry-3.0.9',
  'io.apicurio:apicurio-registry-app:3.0.9:tar.gz:all',
);

/** Where the registry speaks as Confluent's does. */
const COMPATIBLE = '/apis/ccompat/v7';

/**
 * For tests that restart or kill it: a named registry does not serve them.
 *
 * @type {import('./installation.mjs').Service}
 */
export const ownRegistry = { name: 'Apicurio Registry', ...fromMaven };

/** @type {import('./installation.mjs').Service} */
export const registry = { ...ownRegistry, variable: 'FLAMINGOCK_TEST_REGISTRY_URL' };

/**
 * Starts a schema registry with Confluent's REST API on a free port of 127.0.0.1, and installs it where it is missing.
 * What it holds survives `restart` and `kill`. Where `FLAMINGOCK_TEST_REGISTRY_URL` names a running one, that is used
 * instead, unless `exclusive` is given. Whoever starts one stops it.
 *
 * @param {object} [options]
 * @param {boolean} [options.exclusive] the test restarts or kills it, or changes what holds for all subjects
 * @throws {Error} with the code `SERVER_MISSING`, see `install`
 * @returns {Promise<Registry>}
 */
export async function startRegistry({ exclusive = false } = {}) {
  const url = named(registry);
  if (url !== undefined && !exclusive) return new Registry(url.replace(/\/$/, ''));

  await install(ownRegistry);
  const server = await GuardedServer.open('registry');
  try {
    const process = new RegistryProcess(server);
    await process.start();
    return new Registry(process.url, process);
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** One registry, which can be restarted and killed. */
class RegistryProcess {
  #server;
  #port = 0;

  /** @param {GuardedServer} server */
  constructor(server) {
    this.#server = server;
  }

  get url() {
    return `http://127.0.0.1:${this.#port}${COMPATIBLE}`;
  }

  async start() {
    this.#port = await onFreePort((port) => this.#run(port));
  }

  async restart() {
    await this.#server.end('SIGKILL');
    await this.#run(this.#port);
  }

  async kill() {
    await this.#server.end('SIGKILL');
  }

  stop() {
    return this.#server.close();
  }

  /** @param {number} port */
  async #run(port) {
    this.#port = port;
    // The guard gives its process no environment: settings are properties.
    const settings = {
      'quarkus.http.host': '127.0.0.1',
      'quarkus.http.port': port,
      // A schema that differs in white space alone is the same one, as at Confluent's.
      'apicurio.ccompat.use-canonical-hash': true,
      'java.io.tmpdir': this.#server.folder,
      // By default in memory; without the delay of zero a killed one loses what it has acknowledged.
      'apicurio.datasource.url': `jdbc:h2:file:${this.#server.folder}/registry;WRITE_DELAY=0`,
    };
    await this.#server.start(
      /** @type {string} */ (findProgram('java')),
      [
        ...['-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
        ...Object.entries(settings).map(([name, value]) => `-D${name}=${value}`),
        ...['-jar', runner()],
      ],
      { ready: () => answers(this.url), endSignal: 'SIGKILL' },
    );
  }
}

/** A running registry: its own, or one that somebody else has started. */
export class Registry {
  /** Of Confluent's REST API, without a slash at its end. @readonly */
  url;
  #process;

  /**
   * @param {string} url
   * @param {RegistryProcess} [process]
   */
  constructor(url, process) {
    this.url = url;
    this.#process = process;
  }

  /**
   * The name of a subject that nobody else uses.
   *
   * @param {string} [what]
   */
  subject(what = 'order-events') {
    return `${what}-${randomBytes(4).toString('hex')}-value`;
  }

  /** Ends it at once and starts it again, also after `kill`. */
  async restart() {
    await this.#own().restart();
  }

  /** Kills it as a crash does. */
  async kill() {
    await this.#own().kill();
  }

  async stop() {
    await this.#process?.stop();
  }

  #own() {
    if (this.#process !== undefined) return this.#process;
    throw new Error(`This registry is the one of ${String(registry.variable)}: ask for { exclusive: true }.`);
  }
}

function runner() {
  const file = readdirSync(RELEASE).find((name) => name.endsWith('-runner.jar')) ?? 'quarkus-run.jar';
  return join(RELEASE, file);
}

/** @param {string} url */
async function answers(url) {
  try {
    const response = await fetch(`${url}/subjects`, { signal: AbortSignal.timeout(2_000) });
    await response.text();
    return response.ok;
  } catch {
    return false;
  }
}
