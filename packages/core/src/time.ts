import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** A reading of a process's clocks, in milliseconds. */
export interface ClockReading {
  /** Does not jump, but may stand still while the machine is suspended. */
  readonly monotonic: number;
  /** Goes on while the machine is suspended, but may be set. */
  readonly wall: number;
}

/**
 * The time and the chance that an instance lives by. The engine asks nothing else for them, so that a simulation can
 * own every clock, every timer and every draw.
 */
export interface Time {
  clocks(): ClockReading;
  /** Calls back once after a delay in milliseconds, without keeping the process alive; returns the way to cancel. */
  after(delayMs: number, callback: () => void): () => void;
  /** Keeps the process alive until the returned function is called. */
  keepAlive(): () => void;
  /** Gives timers, sockets and signals a turn. */
  turn(): Promise<void>;
  /** From 0 inclusive to 1 exclusive. */
  random(): number;
  /** An id that nobody else has. */
  id(): string;
}

/** The time of this process. */
export const systemTime: Time = {
  clocks: () => ({ monotonic: performance.now(), wall: Date.now() }),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs).unref();
    return () => {
      clearTimeout(timer);
    };
  },
  keepAlive: () => {
    const timer = setInterval(() => undefined, 60_000);
    return () => {
      clearInterval(timer);
    };
  },
  turn: () => nextTurn(),
  random: () => Math.random(),
  id: () => randomUUID(),
};

/** Waits, in milliseconds, and keeps the process alive meanwhile; ends early when the signal fires, without an error. */
export async function pause(time: Time, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return;
  const release = time.keepAlive();
  await new Promise<void>((resolve) => {
    const done = (): void => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = time.after(ms, done);
    signal?.addEventListener('abort', done, { once: true });
  });
  release();
}

/** Milliseconds that this process has waited since a reading; a wall clock that is set in between changes nothing. */
export function waitedSince(time: Time, reading: ClockReading): number {
  return time.clocks().monotonic - reading.monotonic;
}

/**
 * Milliseconds since a reading by whichever clock has gone further, and never less than none: for deadlines that must
 * rather come too early.
 */
export function elapsedSince(time: Time, reading: ClockReading): number {
  const now = time.clocks();
  return Math.max(0, now.monotonic - reading.monotonic, now.wall - reading.wall);
}
