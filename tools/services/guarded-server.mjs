import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** How long a server may take until it answers, in milliseconds. */
const START_TIMEOUT = 60_000;

/**
 * A temporary folder and one process at a time that works in it, as another user where one is named. Both are gone
 * when it is closed, and when this process ends, in whatever way.
 */
export class GuardedServer {
  /** @readonly */
  folder;
  #name;
  #guard;
  /** How the process ended: resolves when it has. */
  #ended = Promise.resolve('never started');

  /**
   * @param {string} name
   * @param {import('node:child_process').ChildProcess} guard
   * @param {string} folder
   */
  constructor(name, guard, folder) {
    this.#name = name;
    this.#guard = guard;
    this.folder = folder;
  }

  /**
   * @param {string} name for messages, and in the name of the folder
   * @param {import('./system-user.mjs').SystemUser} [user] default: who runs this process
   */
  static async open(name, user) {
    const ids = user === undefined ? [] : [String(user.uid), String(user.gid)];
    const guard = spawn(process.execPath, [join(import.meta.dirname, 'guard.mjs'), name, ...ids], {
      // In a session of its own: Ctrl-C in a terminal must reach the tests first.
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const [report] = await once(guard, 'message');
    return new GuardedServer(name, guard, /** @type {{ folder: string }} */ (report).folder);
  }

  /** Everything that the processes wrote to their output. */
  log() {
    return readFile(join(this.folder, 'log'), 'utf8');
  }

  /**
   * Runs a program to its end; rejects, with what it wrote, where it fails.
   *
   * @param {string} command
   * @param {readonly string[]} args
   */
  async run(command, args) {
    this.#begin(command, args, 'SIGTERM');
    const how = await this.#ended;
    if (how !== 'code 0') throw await this.#failure(`${command} ended with ${how}`);
  }

  /**
   * Starts a server and waits until it is ready; rejects, with what it wrote, where it ends before.
   *
   * @param {string} command
   * @param {readonly string[]} args
   * @param {{ readonly ready: () => Promise<boolean>, readonly endSignal: NodeJS.Signals }} options `endSignal` ends
   *   the server when it is closed, so it should be the fastest that leaves no process
   */
  async start(command, args, { ready, endSignal }) {
    this.#begin(command, args, endSignal);
    const deadline = performance.now() + START_TIMEOUT;
    const early = this.#ended.then((how) => ({ how }));
    for (;;) {
      const answer = await Promise.race([early, ready()]);
      if (answer === true) return;
      if (typeof answer === 'object') throw await this.#failure(`${this.#name} ended with ${answer.how}`);
      if (performance.now() > deadline) throw await this.#failure(`${this.#name} does not answer`);
      await pause(10);
    }
  }

  /**
   * Sends a signal and waits for the end; nothing where there is no process.
   *
   * @param {NodeJS.Signals} signal
   */
  async end(signal) {
    this.#guard.send({ signal });
    await this.#ended;
  }

  /**
   * Sends a signal that does not end it, such as SIGSTOP.
   *
   * @param {NodeJS.Signals} signal
   */
  signal(signal) {
    this.#guard.send({ signal });
  }

  /** Ends the process and removes the folder. A second call does nothing more. */
  async close() {
    if (this.#guard.exitCode !== null || this.#guard.signalCode !== null) return;
    const exit = once(this.#guard, 'exit');
    if (this.#guard.connected) this.#guard.disconnect();
    await exit;
  }

  /**
   * @param {string} command
   * @param {readonly string[]} args
   * @param {NodeJS.Signals} endSignal
   */
  #begin(command, args, endSignal) {
    this.#ended = new Promise((resolve) => {
      /** @param {string} how */
      const done = (how) => {
        this.#guard.off('message', onMessage).off('exit', onExit);
        resolve(how);
      };
      const onMessage = (/** @type {{ ended: string }} */ { ended }) => done(ended);
      const onExit = () => done('its guard');
      this.#guard.on('message', onMessage).on('exit', onExit);
    });
    this.#guard.send({ run: { command, args, endSignal } });
  }

  /** @param {string} what */
  async #failure(what) {
    const lines = (await this.log()).trimEnd().split('\n').slice(-20);
    return new Error(`${what}. It wrote:\n${lines.join('\n')}`);
  }
}

/**
 * Calls `start` with a free port of 127.0.0.1, and again with another one where somebody else was faster.
 *
 * @param {(port: number) => Promise<void>} start
 */
export async function onFreePort(start) {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      await start(port);
      return port;
    } catch (error) {
      if (attempt === 5 || !/address already in use/i.test(String(error))) throw error;
    }
  }
}

/**
 * Below the ports that systems give to outgoing connections: while a server is down nothing else gets its port,
 * and a client that keeps knocking is not connected to itself.
 *
 * @returns {Promise<number>}
 */
function freePort() {
  const port = 10_000 + Math.floor(Math.random() * 22_000);
  return new Promise((resolve) => {
    const probe = createServer();
    probe.on('error', () => resolve(freePort()));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(port)));
  });
}
