import { isObject } from '../../is-object.js';

/** Too many requests; not available for the moment. */
const STATUSES: ReadonlySet<unknown> = new Set([429, 503]);
/** Of a request that never had a connection, in Node's and undici's words. */
const NOT_SENT: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * Tells whether an error of an HTTP client is one of the moment: not sent, or answered with 429 or 503. Clients say the
 * status as `status` or `statusCode`, on the error or on its `response`.
 */
export function isTransientHttp(error: unknown): boolean {
  if (!isObject(error)) return false;
  const { code, status, statusCode, response } = error as Readonly<Record<string, unknown>>;
  const answered = isObject(response) ? (response as Readonly<Record<string, unknown>>) : {};
  return (
    NOT_SENT.has(code) ||
    [status, statusCode, answered['status'], answered['statusCode']].some((one) => STATUSES.has(one))
  );
}
