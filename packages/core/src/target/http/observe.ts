import { setImmediate as nextTurn } from 'node:timers/promises';
import { ScopedStorage } from '../../scoped-storage.js';
import type { ObservedAttempt, TargetEvidence } from '../target.js';
import { AttemptTraffic, type ObservedSystem, type Owner } from './attempt-traffic.js';
import { watch } from './watch.js';

/** One attempt while it runs, and afterwards for what it has left behind. */
interface Scope {
  live: boolean;
}

/** Evidence by observation. */
export interface ObservedEvidence extends TargetEvidence {
  /** Does something beside the change, such as fetching a token, that is known to have no part in its outcome. */
  beside<T>(action: () => T): T;
}

/**
 * Evidence from the HTTP traffic of this process, as ARCHITECTURE.md of this folder says. Watches only while an
 * attempt runs; attempts that run at the same time are told apart.
 */
export function observedEvidence(system: ObservedSystem): ObservedEvidence {
  const scopes = new ScopedStorage<readonly Scope[]>();

  async function observe(attempt: () => Promise<void>): Promise<ObservedAttempt> {
    const scope: Scope = { live: true };
    const traffic = new AttemptTraffic(system);
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
        scope.live = false;
        stop();
      }
    });
  }

  return { observe, beside: (action) => scopes.beside([{ live: true }], action) };
}

function ownerIn(scopes: readonly Scope[], scope: Scope): Owner {
  if (scopes.includes(scope)) return 'attempt';
  return scopes.some(({ live }) => live) ? 'another' : 'nobody';
}
