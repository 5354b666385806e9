import type { ClientUse } from '../target.js';
import { HttpClient, type HttpRequest } from './http-client.js';
import { HttpError } from './http-error.js';
import { IdempotencyKeys } from './idempotency-key.js';
import type { RequestPerformer } from './perform-request.js';

/** The client of one call of a change: what it sends has an end no later than the call. */
export class ClientOfCall {
  readonly client: HttpClient;
  readonly #pending = new Set<Promise<unknown>>();
  #over = false;

  constructor(use: ClientUse, performer: RequestPerformer) {
    const call = { use, keys: new IdempotencyKeys(use) };
    this.client = new HttpClient((request, wanted) => {
      if (this.#over) return Promise.reject(tooLate(request));
      const response = performer.perform(request, call);
      const result = response.then(wanted);
      this.#pending.add(result);
      // Not of the result: a failure that the change has not awaited must not count as one that somebody has seen.
      const done = (): void => void this.#pending.delete(result);
      response.then(done, done);
      return result;
    });
  }

  /** Does the call, waits for the requests that it has not awaited, and fails where one of them did. */
  async during(call: () => Promise<void>): Promise<void> {
    try {
      await call();
      while (this.#pending.size > 0) await Promise.all(this.#pending);
    } finally {
      this.#over = true;
    }
  }
}

function tooLate({ method, path }: HttpRequest): HttpError {
  return new HttpError({
    method,
    path: path.replace(/[?#].*$/s, ''),
    code: 'HTTP_OVER',
    reason: 'was not sent: the call of the change that it belongs to is over',
  });
}
