import { KafkaError } from './kafka-error.js';

/** In milliseconds. */
const PATIENCE_MS = 15_000;
const PAUSE_MS = 50;

/**
 * Waits until a broker shows what the controller has taken: a look that comes before it would find nothing. Throws
 * `NOT_SEEN` after 15 seconds.
 *
 * @param see `false` or `undefined`: not yet
 */
export async function untilSeen<T>(what: string, see: () => Promise<T | false | undefined>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const seen = await see();
    if (seen !== false && seen !== undefined) return seen;
    if (performance.now() > deadline)
      throw new KafkaError('NOT_SEEN', `${what}: the cluster took it, and does not show it yet`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
