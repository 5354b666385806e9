import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, in milliseconds; ends early when the signal fires, without an error. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, signal === undefined ? undefined : { signal }).catch(() => undefined);
}
