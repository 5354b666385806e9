import type { ClockReading, Time } from '../../time.js';
import { waitedSince } from '../../time.js';

const BEAT_MS = 1000;
/** How late the event loop must be to count as blocked. */
const BLOCKED_MS = 1000;

/** What a pulse tells. */
export interface PulseListener {
  /** The event loop got no turn for so long: by synchronous code, or because the process was stopped. */
  blocked(ms: number): void;
  /** About once a second. */
  beat(): void;
}

/** Beats while a change runs, and notices when it cannot: then something kept the event loop from its turn. */
export class Pulse {
  readonly #time: Time;
  readonly #listener: PulseListener;
  #last: ClockReading;
  #cancel = (): void => undefined;

  constructor(time: Time, listener: PulseListener) {
    this.#time = time;
    this.#listener = listener;
    this.#last = time.clocks();
    this.#schedule();
  }

  /** Runs synchronous code and measures it. */
  during<T>(code: () => T): T {
    const before = this.#time.clocks();
    try {
      return code();
    } finally {
      const ms = waitedSince(this.#time, before);
      if (ms >= BLOCKED_MS) {
        this.#last = this.#time.clocks();
        this.#listener.blocked(ms);
      }
    }
  }

  /** Looks whether the last beat is overdue: code that has just come back may have kept it from its turn. */
  look(): void {
    const late = waitedSince(this.#time, this.#last) - BEAT_MS;
    if (late < BLOCKED_MS) return;
    this.#last = this.#time.clocks();
    this.#listener.blocked(late);
  }

  end(): void {
    this.#cancel();
    this.look();
  }

  #schedule(): void {
    this.#cancel = this.#time.after(BEAT_MS, () => {
      this.look();
      this.#last = this.#time.clocks();
      this.#listener.beat();
      this.#schedule();
    });
  }
}
