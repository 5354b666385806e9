import { isObject } from '../../is-object.js';
import { HttpError } from './http-error.js';

/** What an error may tell of a request. */
export interface Exchange {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
}

/** What an error may tell of this one. */
export function exchangeOf({ method, path }: Exchange): Exchange {
  return { method, path: path.replace(/[?#].*$/s, '') };
}

/** One request, ready to be sent. */
export interface ReadyRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | undefined;
  readonly signal: AbortSignal | undefined;
  /** In milliseconds. */
  readonly timeoutMs: number;
}

/** An answer with its whole body, whatever its status. */
export interface Answer {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: Headers;
  readonly text: string;
}

/** Sends a request once. Throws an `HttpError` where no whole answer comes, and the reason of its signal. */
export async function sendRequest(request: ReadyRequest, exchange: Exchange): Promise<Answer> {
  const { url, method, headers, body, signal, timeoutMs } = request;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      ...(body === undefined ? {} : { body }),
    });
    const { status, ok } = response;
    return { status, ok, headers: response.headers, text: await response.text() };
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason;
    if (timeout.aborted) throw notAnswered(exchange, timeoutMs);
    // Not kept as the cause: errors of the connection carry pieces of what was sent and received.
    const code = codeOf(error);
    throw new HttpError({ ...exchange, code, reason: `got no answer (${code})` });
  }
}

function notAnswered(exchange: Exchange, ms: number): HttpError {
  return new HttpError({ ...exchange, code: 'ETIMEDOUT', reason: `was not answered within ${ms} ms` });
}

/** The code of an error, or of the one behind `fetch failed`; never its message, which may hold what was sent. */
export function codeOf(error: unknown): string {
  for (const one of [error, isObject(error) && 'cause' in error ? error.cause : undefined]) {
    if (isObject(one) && 'code' in one && typeof one.code === 'string') return one.code;
  }
  return 'HTTP_FAILED';
}
