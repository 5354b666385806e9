/** What one call of a change has set going by a client that was made for it: it has an end no later than the call. */
export class CallTasks {
  readonly #pending = new Set<Promise<unknown>>();
  #over = false;

  /**
   * Does a task of the call.
   *
   * @param wanted takes what the caller wants of its result
   * @param late makes the error for a task that comes after the call
   */
  do<T, R>(task: () => Promise<T>, wanted: (value: T) => R, late: () => Error): Promise<R> {
    if (this.#over) return Promise.reject(late());
    const begun = task();
    const result = begun.then(wanted);
    this.#pending.add(result);
    // Not of the result: a failure that the change has not awaited must not count as one that somebody has seen.
    const done = (): void => void this.#pending.delete(result);
    begun.then(done, done);
    return result;
  }

  /** Tells whether something is under way. */
  get busy(): boolean {
    return this.#pending.size > 0;
  }

  /** Does the call, waits for the tasks that it has not awaited, and fails where one of them did. */
  async during(call: () => Promise<void>): Promise<void> {
    try {
      await call();
      while (this.#pending.size > 0) await Promise.all(this.#pending);
    } finally {
      this.#over = true;
    }
  }
}
