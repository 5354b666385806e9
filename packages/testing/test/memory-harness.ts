import { memoryAuditStore, MemoryDatabase, memoryTarget } from '@flamingock/core';
import type { LedgerKey } from '@flamingock/core/spi';
import type { AuditDatabase, AuditStoreHarness } from '../src/audit-store/harness.js';

/** The in-memory store: it has no tables and no connections. */
export const memoryHarness: AuditStoreHarness = {
  lacks: {
    tables: 'there are none in memory',
    settings: 'there is no connection',
    columns: 'it is not queried by anybody',
    poolOfOne: 'there is no connection',
    timeZones: 'there is no connection',
    serverClock: 'it lives in the process itself',
    lostReplies: 'there is no connection',
    permissions: 'there are no users',
  },
  database: () => Promise.resolve(memoryDatabase()),
};

/** Changes a ledger and its lock as they stand, without asking. */
export function overwrite(
  database: MemoryDatabase,
  key: LedgerKey,
  change: (ledger: MemoryLedger) => Partial<MemoryLedger>,
): void {
  const ledger = database.ledger(key);
  const id = JSON.stringify([key.service, key.environment, key.tenant]);
  database.commit({
    ledgers: new Map(database.contents().ledgers).set(id, { ...ledger, ...change(ledger) }),
  });
}

type MemoryLedger = ReturnType<MemoryDatabase['ledger']>;

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
      overwrite(database, key, ({ lock }) => {
        if (lock === undefined) throw new Error('nobody holds the lock');
        return { lock: { ...lock, expiresAt: 1 } };
      });
    },
    async editEntry(key, sequence, text): Promise<void> {
      overwrite(database, key, ({ entries }) => ({
        entries: entries.flatMap((entry) => {
          if (entry.sequence !== sequence) return [entry];
          return text === undefined ? [] : [{ ...entry, text }];
        }),
      }));
    },
    target: () => Promise.resolve(target),
    close: () => Promise.resolve(),
  };
}
