import type { Time } from '../time.js';

/**
 * The audit store's clock as this process knows it: the store's value of the last confirmed statement plus the
 * monotonic time since. Instances with wrong clocks thereby write comparable times.
 */
export class StoreClock {
  readonly #time: Time;
  #storeTime: number;
  #monotonic: number;

  constructor(time: Time, storeTime: number) {
    this.#time = time;
    this.#storeTime = storeTime;
    this.#monotonic = time.clocks().monotonic;
  }

  synchronise(storeTime: number): void {
    this.#storeTime = storeTime;
    this.#monotonic = this.#time.clocks().monotonic;
  }

  /** Milliseconds since the epoch, a whole number. */
  now(): number {
    return Math.round(this.#storeTime + this.#time.clocks().monotonic - this.#monotonic);
  }
}
