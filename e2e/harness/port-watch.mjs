import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Knocks at a port of 127.0.0.1 all the time, to tell whether and when it was opened.
 */
export class PortWatch {
  /** Whether anybody ever answered. */
  opened = false;
  /** How often it was tried in vain. */
  refusals = 0;
  #port;
  #onOpen;
  #stopped = false;
  #watching;

  /**
   * @param {number} port
   * @param {() => void} [onOpen] called in the moment of the first answer
   */
  constructor(port, onOpen = () => {}) {
    this.#port = port;
    this.#onOpen = onOpen;
    this.#watching = this.#watch();
  }

  async stop() {
    this.#stopped = true;
    await this.#watching;
    return this;
  }

  async #watch() {
    while (!this.#stopped && !this.opened) {
      this.opened = await answers(this.#port);
      if (this.opened) this.#onOpen();
      else this.refusals += 1;
      await delay(5);
    }
  }
}

/** @param {number} port */
function answers(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => {
      resolve(false);
    });
  });
}
