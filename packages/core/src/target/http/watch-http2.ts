import type { ClientHttp2Stream } from 'node:http2';
import type { AttemptTraffic, Owner } from './attempt-traffic.js';
import { hostOf } from './host.js';
import { CHANNELS, type Subscription } from './subscription.js';

interface StreamMessage {
  readonly stream: ClientHttp2Stream;
}

interface HeadersMessage extends StreamMessage {
  readonly headers: Readonly<Record<string, string | number | undefined>>;
}

/** `node:http2`, which undici uses too: its requests over HTTP/2 are then seen twice, and must agree. */
export function watchHttp2(traffic: AttemptTraffic, owner: () => Owner): readonly Subscription[] {
  const answered = new WeakSet<ClientHttp2Stream>();
  return [
    [
      CHANNELS.http2.created,
      (message) => {
        const { stream, headers } = message as HeadersMessage;
        const method = String(headers[':method'] ?? 'GET');
        traffic.begin(stream, {
          owner: owner(),
          method,
          host: hostOf(`https://${headers[':authority'] ?? ''}`),
        });
      },
    ],
    [
      CHANNELS.http2.finish,
      (message) => {
        const { stream, headers } = message as HeadersMessage;
        answered.add(stream);
        traffic.status(stream, Number(headers[':status']));
      },
    ],
    [
      CHANNELS.http2.close,
      (message) => {
        const { stream } = message as StreamMessage;
        if (answered.has(stream) && stream.rstCode === 0) traffic.complete(stream);
        else traffic.failed(stream, false);
      },
    ],
    [CHANNELS.http2.error, (message) => traffic.failed((message as StreamMessage).stream, false)],
  ];
}
