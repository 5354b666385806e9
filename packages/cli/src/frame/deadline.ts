/** What a work that took too long ends with; known by its name. */
export class TookTooLong extends Error {
  override readonly name = 'TookTooLong';
}

/**
 * Waits for something that may never answer. Throws {@link TookTooLong}; the work itself is not ended by that.
 *
 * @param ms in milliseconds
 */
export async function within<T>(ms: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new TookTooLong(`no answer within ${ms} ms`));
    }, ms);
  });
  try {
    return await Promise.race([work(), limit]);
  } finally {
    clearTimeout(timer);
  }
}
