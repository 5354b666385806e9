import type { Evidence, ObservedAttempt, Target } from '../../src/target/target.js';
import { isBroken, isRefused } from '../world/connection.js';
import type { ClientParts } from './client-parts.js';
import { autocommitClient, type Caller, SystemClient } from './system-client.js';

/** A system without transactions. With evidence it has watched each request, as the HTTP target does. */
export function plainTarget(parts: ClientParts, withEvidence: boolean): Target {
  const inner = autocommitClient(parts);
  const base = { kind: 'simulated', clients: [], supplies: (token: unknown) => token === SystemClient };
  if (!withEvidence) return { ...base, client: () => inner };
  const watched = new WatchedClient(inner);
  return { ...base, client: () => watched, evidence: { observe: (attempt) => watched.observe(attempt) } };
}

type Seen = 'under way' | 'done' | 'refused' | 'unanswered';

/** Notes how each request of the one attempt that is under way ends. */
class WatchedClient extends SystemClient {
  readonly #inner: SystemClient;
  #seen: Seen[] = [];

  constructor(inner: SystemClient) {
    super();
    this.#inner = inner;
  }

  async observe(attempt: () => Promise<void>): Promise<ObservedAttempt> {
    this.#seen = [];
    const seen = this.#seen;
    try {
      await attempt();
      return { outcome: 'returned' };
    } catch (error) {
      return { outcome: 'threw', error, evidence: evidenceOf(seen) };
    }
  }

  put(changeId: string, part: number, caller?: Caller): Promise<void> {
    return this.#watch(() => this.#inner.put(changeId, part, caller));
  }

  clear(changeId: string, caller?: Caller): Promise<void> {
    return this.#watch(() => this.#inner.clear(changeId, caller));
  }

  inspect(changeId: string): ReturnType<SystemClient['inspect']> {
    return this.#inner.inspect(changeId);
  }

  fail(): Promise<void> {
    return this.#watch(() => this.#inner.fail());
  }

  commit(): Promise<void> {
    return this.#inner.commit();
  }

  async #watch(request: () => Promise<void>): Promise<void> {
    const seen = this.#seen;
    const index = seen.push('under way') - 1;
    try {
      await request();
      seen[index] = 'done';
    } catch (error) {
      seen[index] = isBroken(error) ? 'unanswered' : isRefused(error) ? 'refused' : 'done';
      throw error;
    }
  }
}

function evidenceOf(seen: readonly Seen[]): Evidence {
  const settled = seen.every((one) => one === 'done' || one === 'refused');
  const nothing = seen.length > 0 && seen.every((one) => one === 'refused');
  return { proof: nothing ? 'rejected' : 'none', settled };
}
