import { expect, test } from '@jest/globals';
import { orAbort } from './or-abort.js';

test('what fails after nobody waits for it any more does not end the process', async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  process.on('unhandledRejection', note);
  try {
    const late = Promise.reject(new Error('too late'));
    await expect(orAbort(late, AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
    await new Promise(setImmediate);
    expect(unhandled).toEqual([]);
  } finally {
    process.off('unhandledRejection', note);
  }
});
