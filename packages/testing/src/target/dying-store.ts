import type { AuditSession, AuditStore } from '@flamingock/core/spi';

/**
 * A store for a process that dies before it records an outcome: from then on nothing arrives at the ledger any
 * more. The lock is given back, so that the next start need not wait for the end of the lease.
 */
export function dyingBefore(store: AuditStore, state: 'APPLIED' | 'FAILED'): AuditStore {
  let dead = false;
  const gone = (): Promise<never> => Promise.reject(new Error('the process is gone'));
  return {
    ...store,
    capabilities: { ...store.capabilities, sharedTransactions: false },
    async openSession(): Promise<AuditSession> {
      if (dead) return gone();
      const session = await store.openSession();
      return {
        read: (key, after) => session.read(key, after),
        acquire: (key, request) => session.acquire(key, request),
        renew: (key, request, highest) => (dead ? gone() : session.renew(key, request, highest)),
        release: (key, owner, highest, completeFor) => session.release(key, owner, highest, completeFor),
        close: () => session.close(),
        async append(key, entry) {
          dead ||= 'state' in entry.entry && entry.entry.state === state;
          if (!dead) return session.append(key, entry);
          const { lock, highestSequence } = await store.read(key, 0);
          if (lock !== undefined) await session.release(key, lock.owner, highestSequence);
          return gone();
        },
      };
    },
  };
}
