import type { Readiness } from '../flamingock.js';
import type { HttpAnswer } from './http-answer.js';

/** A problem as RFC 9457 has it. Users see it, so it names no host, change or target system. */
export interface ProblemBody {
  readonly type: 'about:blank';
  readonly title: 'Service Unavailable';
  readonly status: 503;
  readonly detail: string;
}

/**
 * What is answered to a request that came before the sequence was complete (RFC 9110, 15.6.4, and RFC 9457).
 *
 * @param retryAfterSeconds when to come again
 */
export function gateAnswer({ state }: Readiness, retryAfterSeconds: number): HttpAnswer<ProblemBody> {
  const comesBack = state !== 'failed' && state !== 'closed';
  return {
    statusCode: 503,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
      'retry-after': String(retryAfterSeconds),
    },
    body: {
      type: 'about:blank',
      title: 'Service Unavailable',
      status: 503,
      detail: comesBack
        ? 'The application is starting: it does not serve before its changes are applied.'
        : 'The application could not start: not all of its changes are applied.',
    },
  };
}
