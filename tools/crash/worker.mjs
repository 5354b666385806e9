import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const SERVICE = fileURLToPath(new URL('../../e2e/fixtures/crash/service.mjs', import.meta.url));

/** How long a start may take before it counts as hanging, in milliseconds: many share few processors. */
const PATIENCE = 180_000;

/** @typedef {import('../../e2e/fixtures/crash/service.mjs').Job} Job */
/** @typedef {import('../../e2e/fixtures/crash/service.mjs').Answer} Answer */
/** @typedef {import('../../e2e/fixtures/crash/service.mjs').Request} Request */
/** @typedef {import('../../e2e/fixtures/crash/service.mjs').Reply} Reply */
/** @typedef {{ readonly resolve: (reply: Reply) => void, readonly reject: (error: Error) => void }} Waiting */

/** One real process, in which services start as often as it is asked to, several at a time, until it is killed. */
export class Worker {
  #process = fork(SERVICE, {
    execArgv: [],
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  #waiting = /** @type {Map<number, Waiting>} */ (new Map());
  #asked = 0;
  #hasEnded = false;
  #ready;
  #exited;

  constructor() {
    this.#exited = once(this.#process, 'exit').then(([code, signal]) => {
      this.#hasEnded = true;
      this.#failAll(`The service ended by itself: ${String(signal ?? code)}`);
    });
    this.#ready = Promise.race([
      once(this.#process, 'message'),
      this.#exited.then(() => {
        throw new Error('The service could not be loaded: the packages have to be built');
      }),
    ]);
    // One that is not needed any more may be ended before it is ready.
    this.#ready.catch(() => undefined);
    this.#process.on('message', (message) => {
      const reply = /** @type {Reply | 'ready'} */ (message);
      if (reply === 'ready') return;
      const id = 'id' in reply ? reply.id : DOOM;
      this.#waiting.get(id)?.resolve(reply);
      this.#waiting.delete(id);
    });
  }

  /**
   * One start. Several may be under way.
   *
   * @param {Job} job
   * @returns {Promise<Answer>} rejects where the service fails or hangs
   */
  async start(job) {
    this.#asked += 1;
    const id = this.#asked;
    const reply = await this.#ask(id, { id, job });
    if ('answer' in reply) return reply.answer;
    throw new Error(`The service failed: ${'failure' in reply ? String(reply.failure) : ''}`);
  }

  /**
   * Starts that are brought to their points, each to its own, and killed there together with their process.
   *
   * @param {readonly Job[]} doomed
   * @returns {Promise<Readonly<Record<number, string>>>} which of them have come to an end before, and how
   */
  async kill(doomed) {
    const reply = await this.#ask(DOOM, { doomed });
    await this.end();
    return 'survivors' in reply ? reply.survivors : {};
  }

  get hasEnded() {
    return this.#hasEnded;
  }

  /** Kills it, as by `kill -9`. */
  async end() {
    this.#hasEnded = true;
    this.#process.kill('SIGKILL');
    await this.#exited;
  }

  /**
   * @param {number} id
   * @param {Request} request
   * @returns {Promise<Reply>}
   */
  async #ask(id, request) {
    await this.#ready;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#failAll(`The service has not come to an end within ${PATIENCE} ms`);
        void this.end();
      }, PATIENCE);
      this.#waiting.set(id, {
        resolve(reply) {
          clearTimeout(timer);
          resolve(reply);
        },
        reject(error) {
          clearTimeout(timer);
          reject(error);
        },
      });
      this.#process.send(request);
    });
  }

  /** @param {string} why */
  #failAll(why) {
    for (const { reject } of this.#waiting.values()) reject(new Error(why));
    this.#waiting.clear();
  }
}

/** The one request that has no number. */
const DOOM = 0;
