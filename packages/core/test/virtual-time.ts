import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Time } from '../src/time.js';

/** Turns of the event loop after which whoever still waits, waits for a timer. */
const TURNS = 20;

/** Time that stands still while anything is done in memory, and then goes to the next timer. */
export class VirtualTime implements Time {
  #now = 0;
  #timers: readonly { readonly due: number; readonly callback: () => void }[] = [];

  /** Milliseconds since its beginning. */
  get elapsed(): number {
    return this.#now;
  }

  /** Lets it go on until the promise is settled. */
  async during<T>(promise: Promise<T>): Promise<T> {
    const state = { settled: false };
    const end = (): void => {
      state.settled = true;
    };
    promise.then(end, end);
    for (;;) {
      for (let turn = 0; turn < TURNS && !state.settled; turn += 1) await nextTurn();
      if (state.settled) return promise;
      const next = this.#timers.toSorted((a, b) => a.due - b.due)[0];
      if (next === undefined) continue;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = Math.max(this.#now, next.due);
      next.callback();
    }
  }

  clocks(): ReturnType<Time['clocks']> {
    return { monotonic: this.#now, wall: this.#now };
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { due: this.#now + delayMs, callback };
    this.#timers = [...this.#timers, timer];
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  keepAlive(): () => void {
    return () => undefined;
  }

  turn(): Promise<void> {
    return nextTurn();
  }

  random(): number {
    return 0.5;
  }

  id(): string {
    return crypto.randomUUID();
  }
}
