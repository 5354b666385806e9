import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from './child.mjs';
import { PortWatch } from './port-watch.mjs';

/** A temporary folder, and the processes that work in it. Closing it ends them all and removes it. */
export class Sandbox {
  /** @readonly */
  directory;
  #closers = /** @type {(() => Promise<unknown>)[]} */ ([]);
  #children = /** @type {Set<Child>} */ (new Set());
  /** Nobody is left behind, even where the one who opened the sandbox dies of an error. */
  #killAll = () => this.#children.forEach((child) => child.signal('SIGKILL'));

  /** @param {string} directory */
  constructor(directory) {
    this.directory = directory;
    process.once('exit', this.#killAll);
  }

  static async open() {
    return new Sandbox(await mkdtemp(join(tmpdir(), 'flamingock-')));
  }

  /** @param {string[]} segments */
  path(...segments) {
    return join(this.directory, ...segments);
  }

  /**
   * Starts `node` with these arguments.
   *
   * @param {string} name for messages
   * @param {readonly string[]} args
   * @param {Readonly<Record<string, string>>} [environment]
   */
  start(name, args, environment = {}) {
    const child = new Child(name, args, environment);
    this.#children.add(child);
    void child.exited.finally(() => this.#children.delete(child));
    this.onClose(() => child.stop('SIGKILL'));
    return child;
  }

  /**
   * Knocks at a port until it answers, or the watch is stopped.
   *
   * @param {number} port
   */
  watchPort(port) {
    const watch = new PortWatch(port);
    this.onClose(() => watch.stop());
    return watch;
  }

  /**
   * Last registered, first closed.
   *
   * @param {() => Promise<unknown>} closer
   */
  onClose(closer) {
    this.#closers.unshift(closer);
  }

  async close() {
    await Promise.all(this.#closers.map((closer) => closer()));
    process.off('exit', this.#killAll);
    await rm(this.directory, { recursive: true, force: true });
  }
}
