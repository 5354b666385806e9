import { isObject } from '../../is-object.js';

const BRAND = Symbol.for('flamingock.http-error');

/** What an {@link HttpError} is made of. */
export interface HttpErrorParts {
  readonly code: string;
  readonly status?: number;
  readonly method: string;
  readonly path: string;
  readonly reason: string;
}

/**
 * A request of `HttpClient` that brought no success. Tells what was asked and what became of it, and never
 * the query, the headers or a body: they may hold secrets. Known by {@link isHttpError}.
 */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  /**
   * `HTTP_404` for an answer; the system's or undici's code where there was none: `ECONNREFUSED`, `ETIMEDOUT`; or why it was
   * not sent: `HTTP_OVER`.
   */
  readonly code: string;
  /** Of the answer; `undefined` where there was none. */
  readonly status: number | undefined;
  readonly method: string;
  /** Without the query. */
  readonly path: string;

  constructor(parts: HttpErrorParts) {
    super(`${parts.method} ${parts.path} ${parts.reason}`);
    this.code = parts.code;
    this.status = parts.status;
    this.method = parts.method;
    this.path = parts.path;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/**
 * Tells whether a value is a failure of an `HttpClient`, whichever copy of this package raised it.
 *
 * @example
 * http.delete('/routes/old').catch((error: unknown) => {
 *   if (!isHttpError(error) || error.status !== 404) throw error;
 * })
 */
export function isHttpError(value: unknown): value is HttpError {
  return isObject(value) && BRAND in value;
}
