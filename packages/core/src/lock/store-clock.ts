/** A reading of this process's clocks, in milliseconds. */
export interface ClockReading {
  /** Does not jump, but may stand still while the machine is suspended. */
  readonly monotonic: number;
  /** Goes on while the machine is suspended, but may be set. */
  readonly wall: number;
}

/** Reads both clocks. */
export function readClocks(): ClockReading {
  return { monotonic: performance.now(), wall: Date.now() };
}

/** Milliseconds that this process has waited since a reading; a wall clock that is set in between changes nothing. */
export function waitedSince(reading: ClockReading): number {
  return performance.now() - reading.monotonic;
}

/**
 * Milliseconds since a reading by whichever clock has gone further, and never less than none: for deadlines that must
 * rather come too early.
 */
export function elapsedSince(reading: ClockReading): number {
  const now = readClocks();
  return Math.max(0, now.monotonic - reading.monotonic, now.wall - reading.wall);
}

/**
 * The audit store's clock as this process knows it: the store's value of the last confirmed statement plus the
 * monotonic time since. Instances with wrong clocks thereby write comparable times.
 */
export class StoreClock {
  #storeTime: number;
  #monotonic: number;

  constructor(storeTime: number) {
    this.#storeTime = storeTime;
    this.#monotonic = performance.now();
  }

  synchronise(storeTime: number): void {
    this.#storeTime = storeTime;
    this.#monotonic = performance.now();
  }

  /** Milliseconds since the epoch, a whole number. */
  now(): number {
    return Math.round(this.#storeTime + performance.now() - this.#monotonic);
  }
}
