import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { AttemptTraffic, Owner } from './attempt-traffic.js';
import type { Subscription } from './subscription.js';
import { watchElsewhere } from './watch-elsewhere.js';
import { watchHttp2 } from './watch-http2.js';
import { watchNodeHttp } from './watch-node-http.js';
import { watchUndici } from './watch-undici.js';
import { watchUnpublished } from './watch-unpublished.js';

/**
 * Follows every request of the process until it is stopped.
 *
 * @param owner to whom belongs what happens in the current asynchronous context
 * @returns the way to stop
 */
export function watch(traffic: AttemptTraffic, owner: () => Owner): () => void {
  const subscriptions = [watchUndici, watchNodeHttp, watchHttp2, watchElsewhere]
    .flatMap((subscriptionsOf) => subscriptionsOf(traffic, owner))
    .map(([channel, listener]): Subscription => [channel, orBlind(traffic, listener)]);
  for (const [channel, listener] of subscriptions) subscribe(channel.name, listener);
  const stopUnpublished = watchUnpublished(traffic, owner);
  return () => {
    for (const [channel, listener] of subscriptions) unsubscribe(channel.name, listener);
    stopUnpublished();
  };
}

/** What a listener throws would end the process; a message of an unexpected shape only ends the proof. */
function orBlind(traffic: AttemptTraffic, listener: (message: unknown) => void): (message: unknown) => void {
  return (message) => {
    try {
      listener(message);
    } catch {
      traffic.blind();
    }
  };
}
