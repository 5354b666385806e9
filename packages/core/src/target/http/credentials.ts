import { orAbort } from '../../lock/or-abort.js';
import { HttpError } from './http-error.js';
import { codeOf, type Exchange } from './send-request.js';

/** What proves who asks: the value of the `authorization` header, or headers of other names. */
export type HttpAuth = string | Readonly<Record<string, string>>;

/** Gives the credentials; they may be other ones each time. */
export type HttpAuthSource = (asked: {
  /** The system has just answered 401 to what was given last: do not give it from a cache. */
  readonly refused: boolean;
}) => HttpAuth | Promise<HttpAuth>;

/**
 * Asks for the credentials of one request, as headers. Throws an `HttpError` in place of what the source throws, which may
 * hold a secret.
 *
 * @param timeoutMs how long it may take
 */
export async function credentials(
  source: HttpAuthSource | undefined,
  asked: { readonly refused: boolean; readonly timeoutMs: number },
  exchange: Exchange,
): Promise<Readonly<Record<string, string>>> {
  if (source === undefined) return {};
  try {
    const { refused, timeoutMs } = asked;
    const auth = await orAbort((async () => source({ refused }))(), AbortSignal.timeout(timeoutMs));
    return typeof auth === 'string' ? { authorization: auth } : auth;
  } catch (error) {
    throw new HttpError({
      ...exchange,
      code: 'HTTP_AUTH',
      reason: `was not sent: its credentials could not be had (${codeOf(error)})`,
    });
  }
}
