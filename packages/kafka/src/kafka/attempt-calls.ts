import type { Evidence } from '@flamingock/core/spi';

/** How a call ended that could have had an effect. `unknown`: it was, or may have been, executed. */
export type CallEnd = 'done' | 'not-sent' | 'rejected' | 'unknown';

/** What was seen of the calls of one attempt of a change, and what that proves. */
export class AttemptCalls {
  readonly #ends = new Set<CallEnd>();
  #open = 0;
  #readFailed = false;
  #over = false;

  /** The attempt is over: whatever still runs of its change must do nothing more. */
  get over(): boolean {
    return this.#over;
  }

  begin(): void {
    this.#open += 1;
  }

  end(end: CallEnd): void {
    this.#open -= 1;
    this.#ends.add(end);
  }

  /** A call failed that could have had no effect. */
  readFailed(): void {
    this.#readFailed = true;
  }

  close(): void {
    this.#over = true;
  }

  /**
   * What all of it proves, now that the attempt has failed. An attempt in which no call was seen to fail proves nothing:
   * what failed may have acted by other ways.
   */
  evidence(): Evidence {
    const open = this.#open > 0 || this.#ends.has('unknown');
    if (open || this.#ends.has('done')) return { proof: 'none', settled: !open };
    if (this.#ends.has('rejected')) return { proof: 'rejected', settled: true };
    const failed = this.#readFailed || this.#ends.has('not-sent');
    return { proof: failed ? 'not-sent' : 'none', settled: true };
  }
}
