import type { Listener } from './http/listener.js';
import { Problem, problemReply, type Reply } from './http/problem.js';

export const MODES = ['up', 'unavailable', 'refusing'] as const;

/**
 * `up`: serves. `unavailable`: answers 503 to everything and executes nothing. `refusing`: nobody listens, as
 * if the process were gone.
 */
export type Mode = (typeof MODES)[number];

/** Makes a service unavailable on demand, and available again on the same port. */
export class AvailabilitySwitch {
  readonly #listener: Listener;
  #mode: Mode = 'refusing';
  #latest: Promise<void> = Promise.resolve();

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  get mode(): Mode {
    return this.#mode;
  }

  /**
   * Switches after all earlier calls have; resolves when the new mode is in force. Rejects with
   * `PLATFORM_PORT_UNAVAILABLE`, and leaves the mode, where the port was taken in the meantime.
   */
  to(mode: Mode): Promise<void> {
    const switched = this.#latest.then(async () => {
      await (mode === 'refusing' ? this.#listener.close() : this.#listener.open());
      this.#mode = mode;
    });
    this.#latest = switched.catch(() => undefined);
    return switched;
  }

  /** The answer to every request while the service is unavailable; undefined where it may execute them. */
  refusal(): Reply | undefined {
    if (this.#mode === 'up') return undefined;
    return problemReply(
      new Problem(503, 'The service is switched off; nothing was executed.', {
        headers: { 'retry-after': '1' },
      }),
    );
  }
}
