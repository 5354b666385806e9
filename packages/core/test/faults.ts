import type { Change, Verdict } from '../src/change/change.js';
import type { AuditStore } from '../src/ledger/audit-store.js';
import type { Evidence, Target } from '../src/target/target.js';
import { changeOf } from './change-of.js';
import { asking } from './instance.js';
import { wrappedStore } from './wrapped-store.js';

export const LEASE_MS = 150;
export const never = new Promise<never>(() => undefined);

/** A process that dies at the append of a state: before it is written, or after it was written and before it is answered. */
export function dyingAt(
  store: AuditStore,
  state: string,
  when: 'before' | 'after',
  died: () => void,
): AuditStore {
  let dead = false;
  const unlessDead =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> =>
      dead ? never : call(...args);
  return wrappedStore(
    store,
    () => ({}),
    (session) => ({
      renew: unlessDead((...args) => session.renew(...args)),
      release: unlessDead((...args) => session.release(...args)),
      append: unlessDead(async (key, sealed) => {
        if (!('state' in sealed.entry) || sealed.entry.state !== state) return session.append(key, sealed);
        if (when === 'after') await session.append(key, sealed);
        dead = true;
        died();
        return never;
      }),
    }),
  );
}

/** A system that cannot be proven, and what was done to it. */
export function plainTarget(effects: string[], evidence?: () => Evidence): Target {
  const base: Target = {
    kind: 'plain',
    clients: [],
    supplies: (token) => token === Array,
    client: () => effects,
  };
  if (evidence === undefined) return base;
  return {
    ...base,
    evidence: {
      observe: async (attempt) => {
        try {
          await attempt();
          return { outcome: 'returned' };
        } catch (error) {
          return { outcome: 'threw', error, evidence: evidence() };
        }
      },
    },
  };
}

export function plainChange(apply: (effects: string[]) => unknown, parts: Partial<Change> = {}): Change {
  return changeOf('_0001__a', {
    apply: asking<[string[]]>([Array], ([effects]) => apply(effects)),
    ...parts,
  });
}

export const verifying = (verdict: () => Verdict): Pick<Change, 'verify'> => ({
  verify: asking([], verdict),
});

export const failing = (effects: string[]): never => {
  effects.push('a');
  throw new Error('who knows');
};
