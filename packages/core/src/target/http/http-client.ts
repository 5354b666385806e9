import { isObject } from '../../is-object.js';
import { HttpError } from './http-error.js';

/** What proves who asks: the value of the `authorization` header, or headers of other names. */
export type HttpAuth = string | Readonly<Record<string, string>>;

/** Whom an {@link HttpClient} speaks to, and how. */
export interface HttpClientOptions {
  /** What every path is appended to; without user information, query and fragment. */
  readonly baseUrl: string;
  /** Asked for each request. */
  readonly auth?: () => HttpAuth | Promise<HttpAuth>;
  readonly headers?: Readonly<Record<string, string>>;
  /** For a whole request, in milliseconds. */
  readonly timeoutMs: number;
}

/** One request. */
export interface HttpRequestOptions {
  /** Sent as JSON; nothing is sent for `undefined`. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

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
 * a write would take away the proof of what happened, and the credentials could go elsewhere.
 *
 * @example
 * async apply({ http }) {
 *   await http.put('/contracts/order-response', { fields: ['id', 'paymentMethod'] });
 * }
 */
export class HttpClient {
  readonly #options: HttpClientOptions;

  constructor(options: HttpClientOptions) {
    this.#options = options;
  }

  /** The body of the answer. */
  async get(path: string, options?: HttpRequestOptions): Promise<unknown> {
    return (await this.request('GET', path, options)).body;
  }

  /** The body of the answer. */
  async post(path: string, body?: unknown, options?: HttpRequestOptions): Promise<unknown> {
    return (await this.request('POST', path, { ...options, body })).body;
  }

  /** The body of the answer. */
  async put(path: string, body?: unknown, options?: HttpRequestOptions): Promise<unknown> {
    return (await this.request('PUT', path, { ...options, body })).body;
  }

  /** The body of the answer. */
  async patch(path: string, body?: unknown, options?: HttpRequestOptions): Promise<unknown> {
    return (await this.request('PATCH', path, { ...options, body })).body;
  }

  /** The body of the answer. */
  async delete(path: string, options?: HttpRequestOptions): Promise<unknown> {
    return (await this.request('DELETE', path, options)).body;
  }

  /**
   * Sends one request.
   *
   * @param path begins with a slash; may have a query
   */
  async request(method: string, path: string, options: HttpRequestOptions = {}): Promise<HttpResponse> {
    const exchange = { method, path: path.replace(/[?#].*$/s, '') };
    if (!path.startsWith('/')) {
      throw new HttpError({
        ...exchange,
        code: 'HTTP_PATH',
        reason: "was not sent: the path must begin with '/'",
      });
    }
    const headers = await this.#headers(options, exchange);
    const timeout = AbortSignal.timeout(this.#options.timeoutMs);
    try {
      const response = await fetch(`${this.#options.baseUrl}${path}`, {
        method,
        headers,
        redirect: 'manual',
        signal: options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]),
        ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      });
      const text = await response.text();
      if (!response.ok) {
        throw new HttpError({
          ...exchange,
          code: `HTTP_${response.status}`,
          status: response.status,
          reason: `was answered with ${response.status}`,
        });
      }
      return {
        status: response.status,
        headers: response.headers,
        body: parse(text, response.headers, exchange),
      };
    } catch (error) {
      if (error instanceof HttpError || options.signal?.aborted === true) throw error;
      if (timeout.aborted) {
        throw new HttpError({
          ...exchange,
          code: 'ETIMEDOUT',
          reason: `was not answered within ${this.#options.timeoutMs} ms`,
        });
      }
      // Not kept as the cause: errors of the connection carry pieces of what was sent and received.
      const code = codeOf(error);
      throw new HttpError({ ...exchange, code, reason: `got no answer (${code})` });
    }
  }

  async #headers(options: HttpRequestOptions, exchange: Exchange): Promise<Headers> {
    const auth = (await this.#options.auth?.()) ?? {};
    const given = {
      accept: 'application/json',
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...this.#options.headers,
      ...(typeof auth === 'string' ? { authorization: auth } : auth),
      ...options.headers,
    };
    try {
      return new Headers(given);
    } catch {
      // The message of the original has the value in it.
      throw new HttpError({
        ...exchange,
        code: 'HTTP_HEADER',
        reason: 'was not sent: a header has a name or value that HTTP does not allow',
      });
    }
  }
}

/** What an error may tell of a request. */
interface Exchange {
  readonly method: string;
  readonly path: string;
}

function parse(text: string, headers: Headers, exchange: Exchange): unknown {
  if (text === '') return undefined;
  if (!/[/+]json\b/i.test(headers.get('content-type') ?? '')) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new HttpError({
      ...exchange,
      code: 'HTTP_BODY',
      reason: 'was answered with a success whose body is not JSON',
    });
  }
}

/** The code of the error behind `fetch failed`. */
function codeOf(error: unknown): string {
  const cause = isObject(error) && 'cause' in error ? error.cause : error;
  return isObject(cause) && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'HTTP_FAILED';
}
