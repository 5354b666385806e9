import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const SERVICE = fileURLToPath(new URL('../../e2e/fixtures/crash/service.mjs', import.meta.url));

/** How long one start may take before it counts as hanging, in milliseconds: many processes share few processors. */
const PATIENCE = 120_000;

/** @typedef {import('../../e2e/fixtures/crash/service.mjs').Job} Job */
/** @typedef {import('../../e2e/fixtures/crash/service.mjs').Answer} Answer */

/** One real process of the service. It starts as often as it is asked to, one after the other, until it is killed. */
export class Worker {
  #process = fork(SERVICE, {
    execArgv: [],
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  #ready = Promise.race([
    once(this.#process, 'message'),
    once(this.#process, 'exit').then(() => {
      throw new Error('The service could not be loaded: the packages have to be built');
    }),
  ]);

  constructor() {
    // One that is not needed any more may be ended before it is ready.
    this.#ready.catch(() => undefined);
  }

  /**
   * One start.
   *
   * @param {Job} job
   * @returns {Promise<Answer | 'killed'>} rejects where the process ends by anything but SIGKILL, or hangs
   */
  async start(job) {
    await this.#ready;
    return new Promise((resolve, reject) => {
      const onMessage = (/** @type {{ answer?: Answer, failure?: unknown }} */ { answer, failure }) => {
        settle();
        if (answer === undefined) reject(new Error(`The service failed: ${String(failure)}`));
        else resolve(answer);
      };
      const onExit = (/** @type {number | null} */ code, /** @type {string | null} */ signal) => {
        settle();
        if (signal === 'SIGKILL') resolve('killed');
        else reject(new Error(`The service ended by itself: ${String(signal ?? code)}`));
      };
      const timer = setTimeout(() => {
        settle();
        this.#process.kill('SIGKILL');
        reject(new Error(`The service has not come to an end within ${PATIENCE} ms`));
      }, PATIENCE);
      const settle = () => {
        clearTimeout(timer);
        this.#process.off('message', onMessage);
        this.#process.off('exit', onExit);
      };
      this.#process.on('message', onMessage);
      this.#process.on('exit', onExit);
      this.#process.send(job);
    });
  }

  async end() {
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== null || signalCode !== null) return;
    this.#process.kill('SIGKILL');
    await once(this.#process, 'exit');
  }
}
