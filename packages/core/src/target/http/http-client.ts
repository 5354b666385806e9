/** One request. */
export interface HttpRequestOptions {
  /** Sent as JSON; nothing is sent for `undefined`. */
  readonly body?: unknown;
  /** Come over those of the target and its credentials. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Gives the request up; it fails with the signal's reason. */
  readonly signal?: AbortSignal;
  /**
   * What the request is for, in words of its own within the change: its `Idempotency-Key` is made from it, in place of
   * method, path and body. Needed where an attempt may say the same in another body (a time, a random id). Names one POST or
   * PATCH of the call: a further one is refused (`HTTP_STEP`), unless the one before has failed.
   */
  readonly step?: string;
}

/** A request as {@link HttpClient} passes it on. */
export interface HttpRequest extends HttpRequestOptions {
  readonly method: string;
  readonly path: string;
}

/** Performs a request, and returns what is wanted of its answer: no other promise is anybody's to wait for. */
export type Perform = <T>(request: HttpRequest, wanted: (response: HttpResponse) => T) => Promise<T>;

/** One answer. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers;
  /** The value of a JSON answer, the text of any other, `undefined` for an empty one. */
  readonly body: unknown;
}

/**
 * A small HTTP client, JSON in and out, that `httpTarget({ baseUrl })` supplies to changes.
 *
 * Every answer but a 2xx throws an `HttpError` with its `status`. Redirects are not followed: one that repeats
 * a write would take away the proof of what happened, and the credentials could go elsewhere. A request is sent again
 * only where that is provably harmless, see `retries` of `httpTarget`. It belongs to one call of its change, and what it
 * was not awaited for is waited for. Once the call has returned, has failed or was told to stop, it sends nothing more:
 * `HTTP_OVER`.
 *
 * @example
 * async apply({ http }) {
 *   await http.put('/contracts/order-response', { fields: ['id', 'paymentMethod'] });
 * }
 */
export class HttpClient {
  readonly #perform: Perform;

  constructor(perform: Perform) {
    this.#perform = perform;
  }

  /** The body of the answer. */
  get(path: string, options?: HttpRequestOptions): Promise<unknown> {
    return this.#perform({ ...options, method: 'GET', path }, bodyOf);
  }

  /** The body of the answer. */
  post(path: string, body?: unknown, options?: HttpRequestOptions): Promise<unknown> {
    return this.#perform({ ...options, method: 'POST', path, body }, bodyOf);
  }

  /** The body of the answer. */
  put(path: string, body?: unknown, options?: HttpRequestOptions): Promise<unknown> {
    return this.#perform({ ...options, method: 'PUT', path, body }, bodyOf);
  }

  /** The body of the answer. */
  patch(path: string, body?: unknown, options?: HttpRequestOptions): Promise<unknown> {
    return this.#perform({ ...options, method: 'PATCH', path, body }, bodyOf);
  }

  /** The body of the answer. */
  delete(path: string, options?: HttpRequestOptions): Promise<unknown> {
    return this.#perform({ ...options, method: 'DELETE', path }, bodyOf);
  }

  /**
   * Sends one request.
   *
   * @param path begins with a slash; may have a query
   */
  request(method: string, path: string, options: HttpRequestOptions = {}): Promise<HttpResponse> {
    return this.#perform({ ...options, method, path }, (response) => response);
  }
}

function bodyOf({ body }: HttpResponse): unknown {
  return body;
}
