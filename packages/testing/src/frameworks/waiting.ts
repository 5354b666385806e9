import { setTimeout as pause } from 'node:timers/promises';
import type { FrameworkProcess } from './harness.js';

/** What a case waits for, in words, and how long at most. */
export interface Patience {
  readonly what: string;
  readonly patienceMs: number;
  /** Whose output explains why it has not happened. */
  readonly process?: FrameworkProcess | undefined;
}

/** Rejects where something that must happen has not happened for too long. */
export async function within<T>(event: Promise<T>, { what, patienceMs, process }: Patience): Promise<T> {
  const timer = new AbortController();
  const late = pause(patienceMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`this has not happened for ${patienceMs} ms: ${what}`);
  });
  try {
    return await Promise.race([event, late]);
  } catch (cause) {
    if (process === undefined) throw cause;
    throw new Error(`${String(cause)}. The process wrote:\n${process.output}`, { cause });
  } finally {
    late.catch(() => undefined);
    timer.abort();
  }
}

/** Looks again and again, until there is something to be seen. */
export async function until<T>(look: () => Promise<T | undefined>, patience: Patience): Promise<T> {
  let over = false;
  const looking = async (): Promise<T> => {
    for (;;) {
      const seen = await look();
      if (seen !== undefined) return seen;
      if (over) throw new Error('nobody waits any more');
      await pause(20);
    }
  };
  try {
    return await within(looking(), patience);
  } finally {
    over = true;
  }
}
