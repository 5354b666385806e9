/** What one call of a change has set going by a client that was made for it: it has an end no later than the call. */
export class CallTasks {
  readonly #pending = new Set<Promise<unknown>>();
  readonly #end = new AbortController();
  #unfinished = false;

  /** Fires when the call is over: nothing of it that is still under way may begin anything more. */
  get over(): AbortSignal {
    return this.#end.signal;
  }

  /** Tells whether the call was over before what it has set going was, which only a call that failed is. */
  get unfinished(): boolean {
    return this.#unfinished;
  }

  /**
   * Does a task of the call.
   *
   * @param wanted takes what the caller wants of its result
   * @param late makes the error for a task that comes after the call
   */
  do<T, R>(task: () => Promise<T>, wanted: (value: T) => R, late: () => Error): Promise<R> {
    if (this.over.aborted) return Promise.reject(late());
    const begun = task();
    const result = begun.then(wanted);
    this.#pending.add(result);
    // Not of the result: a failure that the change has not awaited must not count as one that somebody has seen.
    const done = (): void => void this.#pending.delete(result);
    begun.then(done, done);
    return result;
  }

  /** Does the call, waits for the tasks that it has not awaited, and fails where one of them did. */
  async during(call: () => Promise<void>): Promise<void> {
    try {
      await call();
      while (this.#pending.size > 0) await Promise.all(this.#pending);
    } finally {
      this.#unfinished = this.#pending.size > 0;
      // The call has failed already: how something fails that it has left behind must not end the process.
      for (const left of this.#pending) left.catch(() => undefined);
      this.#end.abort();
    }
  }
}
