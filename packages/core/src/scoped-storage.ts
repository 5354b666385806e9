import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * A value that goes along with asynchronous work, and costs nothing while there is none: on older releases of Node every
 * storage that is switched on makes each promise of the process slower, for as long as the process lives.
 */
export class ScopedStorage<T> {
  readonly #storage = new AsyncLocalStorage<T>();
  #running = 0;

  /** What goes along here; `undefined` outside of any work, and in what an earlier one has left behind. */
  get current(): T | undefined {
    return this.#running === 0 ? undefined : this.#storage.getStore();
  }

  /** Does work with which the value goes along. */
  async during<R>(value: T, work: () => Promise<R>): Promise<R> {
    this.#running += 1;
    try {
      return await this.#storage.run(value, work);
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#storage.disable();
    }
  }

  /** Does something beside the work that may be under way, with another value. */
  beside<R>(value: T, action: () => R): R {
    return this.#running === 0 ? action() : this.#storage.run(value, action);
  }
}
