import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Knocks at a port of 127.0.0.1 all the time, to tell whether it was ever open. */
export class PortWatch {
  /** Whether anybody ever answered. */
  opened = false;
  /** How often nobody did. */
  refusals = 0;
  /** Resolves in the moment of the first answer, or when the watch is stopped. @readonly */
  answered;
  #stopped = false;

  /** @param {number} port */
  constructor(port) {
    this.answered = this.#watch(port);
  }

  async stop() {
    this.#stopped = true;
    await this.answered;
  }

  /** @param {number} port */
  async #watch(port) {
    while (!this.#stopped && !this.opened) {
      this.opened = await answers(port);
      if (this.opened) return;
      this.refusals += 1;
      await pause(5);
    }
  }
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
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
