import { setTimeout as sleep } from 'node:timers/promises';

/** How long a connection may take to answer, in milliseconds: one that is silently dead never does. */
export const ANSWER_MS = 5_000;

/** Whether some work is done within that many milliseconds; it goes on all the same. Rejects as the work does. */
export async function isDoneWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  const limit = new AbortController();
  const passed = sleep(ms, false, { signal: limit.signal }).catch(() => false);
  try {
    return await Promise.race([work.then(() => true), passed]);
  } finally {
    limit.abort();
  }
}
