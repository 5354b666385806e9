import type { AttemptTraffic, Owner } from './attempt-traffic.js';
import { hostOf } from './host.js';
import { CHANNELS, type Subscription } from './subscription.js';

/** The public part of undici's request, the same in every version since 5 and in Node's `fetch`. */
interface UndiciRequest {
  readonly method: string;
  readonly origin: string | URL;
  readonly upgrade: string | null;
}

interface RequestMessage {
  readonly request: UndiciRequest;
}

/** `fetch` and undici's own clients. */
export function watchUndici(traffic: AttemptTraffic, owner: () => Owner): readonly Subscription[] {
  /** That a request failed is no proof that it was not sent; that it failed with the error of its connection is. */
  const connectErrors = new WeakSet<Error>();
  return [
    [
      CHANNELS.undici.create,
      (message) => {
        const { request } = message as RequestMessage;
        const { method, origin, upgrade } = request;
        traffic.begin(request, {
          owner: owner(),
          method,
          host: hostOf(String(origin)),
          upgrade: Boolean(upgrade),
        });
      },
    ],
    [CHANNELS.undici.sendHeaders, (message) => traffic.sent((message as RequestMessage).request, 'heads')],
    // The only sign of having been sent that undici 5 and 6 give over HTTP/2.
    [CHANNELS.undici.bodySent, (message) => traffic.sent((message as RequestMessage).request, 'bodies')],
    [
      CHANNELS.undici.headers,
      (message) => {
        const { request, response } = message as RequestMessage & {
          readonly response: { readonly statusCode: number };
        };
        traffic.status(request, response.statusCode);
      },
    ],
    [CHANNELS.undici.trailers, (message) => traffic.complete((message as RequestMessage).request)],
    [
      CHANNELS.undici.connectError,
      (message) => connectErrors.add((message as { readonly error: Error }).error),
    ],
    [
      CHANNELS.undici.error,
      (message) => {
        const { request, error } = message as RequestMessage & { readonly error: Error };
        traffic.failed(request, connectErrors.has(error));
      },
    ],
  ];
}
