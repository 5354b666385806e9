/** A response, as far as its end matters. */
export interface RunningResponse {
  readonly headersSent: boolean;
  setHeader(name: string, value: string): unknown;
  once(event: 'close', listener: () => void): unknown;
}

/**
 * The requests that a server has begun to answer. A response counts until it has been sent, or its client is gone.
 */
export class RunningRequests {
  readonly #responses = new Set<RunningResponse>();
  #draining = false;
  #drained = (): void => undefined;

  add(response: RunningResponse): void {
    if (this.#draining) sayClose(response);
    this.#responses.add(response);
    response.once('close', () => {
      this.#responses.delete(response);
      this.#tellIfDrained();
    });
  }

  /** From now on each answer asks its client to use another connection. */
  drain(): void {
    this.#draining = true;
    for (const response of this.#responses) sayClose(response);
  }

  /** Resolves when there is none. */
  async ended(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#drained = resolve;
      this.#tellIfDrained();
    });
  }

  #tellIfDrained(): void {
    if (this.#responses.size === 0) this.#drained();
  }
}

/** Node then closes the connection as soon as the answer has been sent. */
function sayClose(response: RunningResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close');
}
