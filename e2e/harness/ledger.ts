import { createFlamingock, type ChangeEntry } from '@flamingock/core';
import { sqlAuditStore } from '@flamingock/sql';
import Database from 'better-sqlite3';

/**
 * The ledger of service `orders` in environment `test`: `second FAILED none` for each outcome, oldest first. Throws
 * where its hash chain is broken.
 *
 * @param file the SQLite database of the audit store
 */
export async function readLedger(file: string): Promise<readonly string[]> {
  const database = new Database(file);
  const { chain, entries } = await createFlamingock({
    service: 'orders',
    environment: 'test',
    auditStore: sqlAuditStore(database),
    targets: {},
    changes: [],
    logger: false,
  }).history();
  database.close();
  if (!chain.intact) throw new Error(`The chain is broken at ${chain.sequence}: ${chain.reason}`);
  return entries
    .filter((entry): entry is ChangeEntry => entry.kind !== 'run')
    .filter(({ state }) => state !== 'STARTED')
    .map(({ changeId, state, proof }) => `${changeId} ${state} ${proof}`);
}
