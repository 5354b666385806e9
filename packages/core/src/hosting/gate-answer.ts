import type { Readiness } from '../flamingock.js';
import type { HttpAnswer } from './http-answer.js';
import type { GateRequest } from './open-paths.js';

/** A problem as RFC 9457 has it. Users see it, so it names no host, change or target system. */
export interface ProblemBody {
  readonly type: 'about:blank';
  readonly title: 'Service Unavailable';
  readonly status: 503;
  readonly detail: string;
}

/**
 * What is answered to a request that came before the sequence is complete (RFC 9110, 15.6.4): a problem (RFC 9457), or a
 * sentence where a browser shows it to a person. The browser comes again by itself while that helps, and only for what a
 * person has looked at: what was sent with a form is lost when its page is loaded anew.
 *
 * @param retryAfterSeconds when to come again
 */
export function gateAnswer(
  { state }: Readiness,
  retryAfterSeconds: number,
  request: GateRequest,
): HttpAnswer<ProblemBody | string> {
  const comesBack = state !== 'failed' && state !== 'closed';
  const detail = comesBack
    ? 'The application is starting: it does not serve before its changes are applied.'
    : 'The application could not start: not all of its changes are applied.';
  const headers = { 'cache-control': 'no-store', 'retry-after': String(retryAfterSeconds) };
  if (isForPerson(request)) {
    const refresh = comesBack && request.method === 'GET' ? { refresh: String(retryAfterSeconds) } : {};
    return {
      statusCode: 503,
      headers: { 'content-type': 'text/plain; charset=utf-8', ...headers, ...refresh },
      body: detail,
    };
  }
  return {
    statusCode: 503,
    headers: { 'content-type': 'application/problem+json; charset=utf-8', ...headers },
    body: { type: 'about:blank', title: 'Service Unavailable', status: 503, detail },
  };
}

/** Browsers name HTML when they load a page, and programs do not; one that names JSON, too, can read the problem. */
function isForPerson({ headers }: GateRequest): boolean {
  const accept = headers?.accept ?? '';
  return /\btext\/html\b/i.test(accept) && !/\bjson\b/i.test(accept);
}
