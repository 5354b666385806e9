import type { AuditSession, AuditStore } from '../src/ledger/audit-store.js';

type Override<T> = (inner: T) => Partial<T>;

/** A store whose calls, and those of its sessions, are partly replaced: faults are injected here, never in the product. */
export function wrappedStore(
  store: AuditStore,
  overrides: Override<AuditStore>,
  session: Override<AuditSession> = () => ({}),
): AuditStore {
  const outer = { ...store, ...overrides(store) };
  return {
    ...outer,
    openSession: async () => {
      const inner = await outer.openSession();
      const plain: AuditSession = {
        read: (...args) => inner.read(...args),
        acquire: (...args) => inner.acquire(...args),
        renew: (...args) => inner.renew(...args),
        append: (...args) => inner.append(...args),
        release: (...args) => inner.release(...args),
        close: () => inner.close(),
        ...(inner.checkpoints === undefined ? {} : { checkpoints: inner.checkpoints }),
      };
      return { ...plain, ...session(inner) };
    },
  };
}
