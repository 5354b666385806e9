interface Wait {
  readonly asker: unknown;
  readonly since: number;
}

/** For how long somebody has been kept waiting by a transaction of another process that does not end. */
export class Waits {
  readonly #waits = new Map<string, Wait>();

  /**
   * Notes one more refusal. Returns for how long the same asker has been refused, in milliseconds; a new one begins
   * anew.
   *
   * @param what is waited for
   */
  refused(what: string, asker: unknown): number {
    const known = this.#waits.get(what);
    const wait = known !== undefined && known.asker === asker ? known : { asker, since: performance.now() };
    this.#waits.set(what, wait);
    return performance.now() - wait.since;
  }

  /** The wait is over. */
  over(what: string): void {
    this.#waits.delete(what);
  }
}
