import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from '@flamingock/core/spi';

/** Repeats what a busy database refuses for the moment, as the engine does. */
export async function patiently<T>(request: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await request();
    } catch (error) {
      if (!hasCode(error, 'FLG_STORE_BUSY') || attempt === 200) throw error;
    }
    await sleep(10);
  }
}
