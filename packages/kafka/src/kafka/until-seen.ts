import { KafkaError } from './kafka-error.js';

/** In milliseconds. */
const PATIENCE_MS = 15_000;
const PAUSE_MS = 50;

/** Waits until a broker shows what the controller has taken: a look that comes before it would find nothing. */
export async function untilSeen(what: string, isSeen: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await isSeen())) {
    if (performance.now() > deadline)
      throw new KafkaError('NOT_SEEN', `${what}: the cluster took it, and does not show it yet`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
