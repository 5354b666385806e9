import type { AttemptTraffic, Owner } from './attempt-traffic.js';
import { CHANNELS, type Subscription } from './subscription.js';

/** Processes and threads that an attempt begins: what they send is not seen here. */
export function watchElsewhere(traffic: AttemptTraffic, owner: () => Owner): readonly Subscription[] {
  return Object.values(CHANNELS.elsewhere).map((channel) => [
    channel,
    () => {
      if (owner() === 'attempt') traffic.blind();
    },
  ]);
}
