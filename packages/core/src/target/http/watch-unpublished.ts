import { createHook } from 'node:async_hooks';
import type { ClientRequest } from 'node:http';
import type { AttemptTraffic, Owner } from './attempt-traffic.js';
import { beginNodeHttp } from './watch-node-http.js';

/** A `node:http` request in its agent's queue, and one over `node:http2`. */
const UNFOLLOWED: ReadonlySet<string> = new Set(['QueuedRequest', 'PendingRequest']);

/**
 * On Node 20 no channel tells of a `node:http` request before it was written to its end (a streamed upload may
 * be under way), of one that waits in its agent's queue, or of anything over `node:http2`. The asynchronous
 * resources that stand for them do. Later versions publish all three.
 *
 * @returns the way to stop
 */
export function watchUnpublished(traffic: AttemptTraffic, owner: () => Owner): () => void {
  if (!process.versions.node.startsWith('20.')) return () => undefined;
  const hook = createHook({
    init(_id, type, _trigger, resource) {
      // What a hook throws ends the process.
      try {
        if (type === 'HTTPCLIENTREQUEST') {
          beginNodeHttp(traffic, (resource as { readonly req: ClientRequest }).req, owner());
        } else if (UNFOLLOWED.has(type)) {
          traffic.unseen(owner());
        }
      } catch {
        traffic.blind();
      }
    },
  }).enable();
  return () => hook.disable();
}
