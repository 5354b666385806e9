import { createFlamingock, type AuditStore, type ChangeEntry, type LedgerEntry } from '@flamingock/core';
import { sqlAuditStore } from '@flamingock/sql';
import Database from 'better-sqlite3';

/**
 * The ledger of service `orders` in environment `test`: `second FAILED none` for each outcome, oldest first. Throws
 * where its hash chain is broken.
 */
export async function outcomesIn(auditStore: AuditStore): Promise<readonly string[]> {
  return (await entriesIn(auditStore))
    .filter((entry): entry is ChangeEntry => 'changeId' in entry)
    .filter(({ state }) => state !== 'STARTED')
    .map(({ changeId, state, proof }) => `${changeId} ${state} ${proof}`);
}

/** Everything of the same ledger. Throws where its hash chain is broken. */
export async function entriesIn(auditStore: AuditStore): Promise<readonly LedgerEntry[]> {
  const { chain, entries } = await createFlamingock({
    service: 'orders',
    environment: 'test',
    auditStore,
    targets: {},
    changes: [],
    logger: false,
  }).history();
  if (!chain.intact) throw new Error(`The chain is broken at ${chain.sequence}: ${chain.reason}`);
  return entries;
}

/**
 * As {@link outcomesIn}, of an audit store on SQLite.
 *
 * @param file the database
 */
export async function readLedger(file: string): Promise<readonly string[]> {
  const database = new Database(file);
  try {
    return await outcomesIn(sqlAuditStore(database));
  } finally {
    database.close();
  }
}
