import type { ClientRequest, IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { AttemptTraffic, Owner } from './attempt-traffic.js';
import { hostOf } from './host.js';
import { CHANNELS, type Subscription } from './subscription.js';

interface RequestMessage {
  readonly request: ClientRequest;
}

/** `node:http` and `node:https`, and so axios, got, node-fetch and most others. */
export function watchNodeHttp(traffic: AttemptTraffic, owner: () => Owner): readonly Subscription[] {
  const connecting = new WeakSet<ClientRequest>();
  return [
    [
      CHANNELS.nodeHttp.created,
      (message) => beginNodeHttp(traffic, (message as RequestMessage).request, owner()),
    ],
    [
      // Published when everything was written, which for a new connection is before it is established.
      CHANNELS.nodeHttp.start,
      (message) => {
        const { request } = message as RequestMessage;
        const { socket } = request;
        if (!traffic.follows(request)) return;
        if (socket?.connecting !== true) {
          traffic.sent(request, 'heads');
          return;
        }
        connecting.add(request);
        // Nothing of a request leaves before the server's certificate was accepted.
        socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', () =>
          traffic.sent(request, 'heads'),
        );
      },
    ],
    [
      // Published when the status is there.
      CHANNELS.nodeHttp.finish,
      (message) => {
        const { request, response } = message as RequestMessage & { readonly response: IncomingMessage };
        traffic.status(request, response.statusCode ?? 0);
        if (!traffic.follows(request)) return;
        response.once('close', () => {
          if (response.complete) traffic.complete(request);
          else traffic.failed(request, false);
        });
      },
    ],
    [
      CHANNELS.nodeHttp.error,
      (message) => {
        const { request } = message as RequestMessage;
        // On Node 20 the first that is heard of a request for which its agent found no connection.
        if (request.socket === null) beginNodeHttp(traffic, request, owner());
        traffic.failed(request, request.socket === null || connecting.has(request));
      },
    ],
  ];
}

/** Notes a request once, however often it is announced. */
export function beginNodeHttp(traffic: AttemptTraffic, request: ClientRequest, owner: Owner): void {
  const { method, host } = request;
  traffic.begin(request, {
    owner,
    method,
    host: hostOf(`http://${host.includes(':') ? `[${host}]` : host}`),
  });
}
