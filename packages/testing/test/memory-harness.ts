import { memoryAuditStore, MemoryDatabase, memoryTarget } from '@flamingock/core';
import type { AuditDatabase, AuditStoreHarness } from '../src/audit-store/harness.js';

/** The in-memory store: it has no tables and no connections. */
export const memoryHarness: AuditStoreHarness = {
  lacks: { tables: 'there are none in memory', settings: 'there is no connection' },
  database: () => Promise.resolve(memoryDatabase()),
};

export function memoryDatabase(database = new MemoryDatabase()): AuditDatabase {
  const target = memoryTarget(database);
  return {
    store: () => Promise.resolve(memoryAuditStore(database)),
    rawEntries: (key) => Promise.resolve(database.ledger(key).entries),
    rawLock(key) {
      const { lock, highestSequence } = database.ledger(key);
      return Promise.resolve({ owner: lock?.owner, expiresAt: lock?.expiresAt ?? 0, highestSequence });
    },
    async expireLock(key): Promise<void> {
      const { ledgers } = database.contents();
      const ledger = database.ledger(key);
      const [id] = [...ledgers].find(([, found]) => found === ledger) ?? [];
      if (id === undefined || ledger.lock === undefined) throw new Error('nobody holds the lock');
      const lock = { ...ledger.lock, expiresAt: 1 };
      database.commit({ ledgers: new Map(ledgers).set(id, { ...ledger, lock }) });
    },
    target: () => Promise.resolve(target),
    settings: () => Promise.resolve(undefined),
    setSchemaVersion: () => Promise.reject(new Error('there are no tables')),
    close: () => Promise.resolve(),
  };
}
