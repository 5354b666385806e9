import { type Channel, channel } from 'node:diagnostics_channel';

/** A diagnostics channel of Node or undici, and who listens to it. */
export type Subscription = readonly [channel: Channel, listener: (message: unknown) => void];

/**
 * The channels that tell of requests. Held for as long as this module is: on Node 20 a channel that nobody holds
 * may be collected and made a second time, and then its publisher speaks on one and its subscribers hear the other.
 */
export const CHANNELS = {
  undici: {
    create: channel('undici:request:create'),
    sendHeaders: channel('undici:client:sendHeaders'),
    bodySent: channel('undici:request:bodySent'),
    headers: channel('undici:request:headers'),
    trailers: channel('undici:request:trailers'),
    connectError: channel('undici:client:connectError'),
    error: channel('undici:request:error'),
  },
  nodeHttp: {
    created: channel('http.client.request.created'),
    start: channel('http.client.request.start'),
    finish: channel('http.client.response.finish'),
    error: channel('http.client.request.error'),
  },
  http2: {
    created: channel('http2.client.stream.created'),
    finish: channel('http2.client.stream.finish'),
    close: channel('http2.client.stream.close'),
    error: channel('http2.client.stream.error'),
  },
  elsewhere: {
    childProcess: channel('child_process'),
    worker: channel('worker_threads'),
  },
} as const;
