import { setImmediate as nextTurn } from 'node:timers/promises';
import { ScopedStorage } from '../../scoped-storage.js';
import type { ClientUse, ObservedAttempt, TargetEvidence } from '../target.js';
import { AttemptTraffic, type ObservedSystem, type Owner } from './attempt-traffic.js';
import { watch } from './watch.js';

/** What asynchronous work belongs to: an attempt, or something that is known to have no part in any other. */
type Scope = object;

/** Whatever goes along with this is no stranger to the attempts that it is not part of. */
const KNOWN: Scope = {};

/** Evidence by observation. */
export interface ObservedEvidence extends TargetEvidence {
  /** Does something beside the change, such as fetching a token, that is known to have no part in its outcome. */
  beside<T>(action: () => T): T;
  /** Does something that is known to be part of the attempt with this use, whatever the asynchronous context. */
  within<T>(use: ClientUse, action: () => T): T;
  /** Something of the attempt with this use has failed before a request was made of it. */
  unsent(use: ClientUse): void;
}

/**
 * Evidence from the HTTP traffic of this process, as ARCHITECTURE.md of this folder says. Watches only while an
 * attempt runs.
 */
export function observedEvidence(system: ObservedSystem): ObservedEvidence {
  const scopes = new ScopedStorage<readonly Scope[]>();
  const attempts = new WeakMap<ClientUse, { readonly scope: Scope; readonly traffic: AttemptTraffic }>();

  async function observe(attempt: () => Promise<void>, use?: ClientUse): Promise<ObservedAttempt> {
    const scope: Scope = {};
    const traffic = new AttemptTraffic(system);
    if (use !== undefined) attempts.set(use, { scope, traffic });
    const stop = watch(traffic, () => ownerIn(scopes.current ?? [], scope));
    return scopes.during([...(scopes.current ?? []), scope], async () => {
      try {
        await attempt();
        return { outcome: 'returned' };
      } catch (error) {
        // What the attempt has set going without waiting for it (a queue's next request) is still to be seen.
        await nextTurn();
        return { outcome: 'threw', error, evidence: traffic.evidence() };
      } finally {
        stop();
      }
    });
  }

  return {
    observe,
    beside: (action) => scopes.beside([KNOWN], action),
    within(use, action) {
      const scope = attempts.get(use)?.scope;
      return scope === undefined ? action() : scopes.beside([scope, KNOWN], action);
    },
    unsent: (use) => attempts.get(use)?.traffic.unsent(),
  };
}

function ownerIn(scopes: readonly Scope[], scope: Scope): Owner {
  if (scopes.includes(scope)) return 'attempt';
  return scopes.includes(KNOWN) ? 'beside' : 'nobody';
}
