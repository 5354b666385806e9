import { createHook } from 'node:async_hooks';
import type { ClientRequest } from 'node:http';
import type { AttemptTraffic, Owner } from './attempt-traffic.js';
import { beginNodeHttp } from './watch-node-http.js';

/**
 * On Node 20 no channel tells of a `node:http` request before it was written to its end (a streamed upload may
 * be under way), of one that waits in its agent's queue, or of anything over `node:http2`. Its asynchronous
 * resources do. Later versions publish all of them.
 *
 * @returns the way to stop
 */
export function watchUnpublished(traffic: AttemptTraffic, owner: () => Owner): () => void {
  if (!process.versions.node.startsWith('20.')) return () => undefined;
  const hook = createHook({
    init(_id, type, _trigger, resource) {
      // What a hook throws ends the process.
      try {
        if (type === 'HTTPCLIENTREQUEST')
          beginNodeHttp(traffic, (resource as { readonly req: ClientRequest }).req, owner());
        else if ((type === 'QueuedRequest' || type === 'HTTP2STREAM') && owner() === 'attempt')
          traffic.blind();
      } catch {
        traffic.blind();
      }
    },
  }).enable();
  return () => hook.disable();
}
