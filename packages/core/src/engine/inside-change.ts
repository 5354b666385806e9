import { FlamingockError } from '../errors.js';
import { ScopedStorage } from '../scoped-storage.js';

interface Call {
  readonly change: string;
  over: boolean;
}

/**
 * Knows whether code runs inside a change of this engine, however deep: what waits there for the run waits for itself.
 * Connections and timers that a change leaves behind carry its context on, so a call that is over does not count.
 */
export class InsideChange {
  readonly #calls = new ScopedStorage<Call | undefined>();

  /** Calls a method of a change. */
  async during<T>(change: string, method: () => Promise<T>): Promise<T> {
    const call: Call = { change, over: false };
    try {
      return await this.#calls.during(call, method);
    } finally {
      call.over = true;
    }
  }

  /** Calls what a change has set off and what is no part of it, such as listeners. */
  outside<T>(action: () => T): T {
    return this.#calls.beside(undefined, action);
  }

  /** The change that is running here, as people call it. */
  get change(): string | undefined {
    const call = this.#calls.current;
    return call === undefined || call.over ? undefined : call.change;
  }

  /** `FLG_INSIDE_CHANGE` for a call that waits for the run, where it comes from a change; else `undefined`. */
  refusal(what: string): FlamingockError | undefined {
    if (this.change === undefined) return undefined;
    return new FlamingockError({
      code: 'FLG_INSIDE_CHANGE',
      message: `${what} was called inside ${this.change}, whose own run it would wait for.`,
      hint: 'Call it outside of changes, when the run is over.',
    });
  }
}
