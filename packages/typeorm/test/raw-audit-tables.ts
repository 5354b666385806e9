import type { AuditDatabase } from '@flamingock/testing';
import type Database from 'better-sqlite3';

/** Reads and writes the audit tables around the store, with statements of its own. */
export function rawAuditTables(
  raw: Database.Database,
): Pick<AuditDatabase, 'rawEntries' | 'rawLock' | 'expireLock' | 'setSchemaVersion'> {
  return {
    async rawEntries({ service, environment, tenant }) {
      if (raw.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'flamingock_ledger'`).get() === undefined)
        return [];
      return raw
        .prepare<unknown[], { sequence: number; text: string; hash: string }>(
          `SELECT sequence, entry AS text, hash FROM flamingock_ledger
           WHERE service = ? AND environment = ? AND tenant = ? ORDER BY sequence`,
        )
        .all(service, environment, tenant);
    },
    async rawLock({ service, environment, tenant }) {
      const row = raw
        .prepare<unknown[], { owner: string | null; expires_at: number; highest_sequence: number }>(
          'SELECT * FROM flamingock_lock WHERE service = ? AND environment = ? AND tenant = ?',
        )
        .get(service, environment, tenant);
      if (row === undefined) return undefined;
      return {
        owner: row.owner ?? undefined,
        expiresAt: row.expires_at,
        highestSequence: row.highest_sequence,
      };
    },
    async expireLock({ service, environment, tenant }) {
      raw
        .prepare(
          'UPDATE flamingock_lock SET expires_at = 1 WHERE service = ? AND environment = ? AND tenant = ?',
        )
        .run(service, environment, tenant);
    },
    async setSchemaVersion(version) {
      raw.prepare('UPDATE flamingock_schema SET version = ?').run(version);
    },
  };
}
