import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { onFreePort } from './guarded-server.mjs';
import { answers } from './postgres-client.mjs';

/** How long the processes of a killed server may take to notice, in milliseconds. */
const AFTERMATH = 10_000;

/** A data folder with a server on it, which can be restarted and killed. */
export class PostgresCluster {
  #server;
  #programs;
  #settings;
  #password = randomBytes(12).toString('hex');
  #port = 0;
  #killed = false;

  /**
   * @param {import('./guarded-server.mjs').GuardedServer} server
   * @param {string} programs the folder of `initdb` and `postgres`
   * @param {Readonly<Record<string, string>>} settings
   */
  constructor(server, programs, settings) {
    this.#server = server;
    this.#programs = programs;
    this.#settings = settings;
  }

  /** Of the database `postgres`. */
  get url() {
    return `postgres://flamingock:${this.#password}@127.0.0.1:${this.#port}/postgres`;
  }

  /** Makes the data folder and starts the server on it. */
  async create() {
    const passwordFile = join(this.#server.folder, 'password');
    await writeFile(passwordFile, this.#password);
    await this.#server.run(join(this.#programs, 'initdb'), [
      ...['--pgdata', 'data', '--encoding', 'UTF8', '--locale', 'C', '--no-sync', '--no-instructions'],
      ...['--username', 'flamingock', '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
    ]);
    this.#port = await onFreePort((port) => this.#start(port));
  }

  async restart() {
    await this.#server.end('SIGINT');
    const deadline = performance.now() + AFTERMATH;
    for (;;) {
      try {
        await this.#start(this.#port);
        break;
      } catch (error) {
        // The postmaster is dead, and one of its processes has not noticed yet.
        const early = this.#killed && /is still in use/.test(String(error));
        if (!early || performance.now() > deadline) throw error;
        await pause(50);
      }
    }
    this.#killed = false;
  }

  async kill() {
    await this.#server.end('SIGKILL');
    this.#killed = true;
    await this.#removeSharedMemory();
  }

  log() {
    return this.#server.log();
  }

  stop() {
    return this.#server.close();
  }

  /** @param {number} port */
  async #start(port) {
    this.#port = port;
    const settings = Object.entries(this.#settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    await this.#server.start(
      join(this.#programs, 'postgres'),
      ['-D', 'data', '-p', String(port), ...settings],
      { ready: () => answers(this.url), endSignal: 'SIGQUIT' },
    );
  }

  /**
   * PostgreSQL guards a data folder with a small segment of the system's shared memory, which a server that is killed
   * leaves there. It goes when the last process has noticed, and guards the folder until then.
   */
  async #removeSharedMemory() {
    const pidFile = await readFile(join(this.#server.folder, 'data/postmaster.pid'), 'utf8');
    // Its seventh line has the segment's key and id.
    const id = pidFile.split('\n')[6]?.trim().split(/\s+/)[1];
    if (id !== undefined) await this.#server.run('ipcrm', ['--shmem-id', id]);
  }
}
