import type { FenceKey, StoredEntry } from '@flamingock/core/spi';
import type { AuditDatabase, RawFence, TargetDatabase } from '@flamingock/testing';
import type { SqliteConnection } from './sqlite-library.js';

/** Reads and writes the audit tables around the store, with statements of its own. */
export function rawAuditTables(
  raw: SqliteConnection,
): Pick<
  AuditDatabase,
  'rawEntries' | 'editEntry' | 'editState' | 'rawLock' | 'expireLock' | 'setSchemaVersion'
> {
  return {
    async rawEntries({ service, environment, tenant }) {
      if (!exists(raw, 'flamingock_ledger')) return [];
      return raw
        .prepare(
          `SELECT sequence, entry AS text, hash FROM flamingock_ledger
           WHERE service = ? AND environment = ? AND tenant = ? ORDER BY sequence`,
        )
        .all(service, environment, tenant) as StoredEntry[];
    },
    async editEntry({ service, environment, tenant }, sequence, text) {
      const ofEntry = 'service = ? AND environment = ? AND tenant = ? AND sequence = ?';
      const entry = [service, environment, tenant, sequence];
      if (text === undefined) raw.prepare(`DELETE FROM flamingock_ledger WHERE ${ofEntry}`).run(...entry);
      else raw.prepare(`UPDATE flamingock_ledger SET entry = ? WHERE ${ofEntry}`).run(text, ...entry);
    },
    async editState({ service, environment, tenant }, sequence, state) {
      raw
        .prepare(
          'UPDATE flamingock_ledger SET state = ? WHERE service = ? AND environment = ? AND tenant = ? AND sequence = ?',
        )
        .run(state, service, environment, tenant, sequence);
    },
    async rawLock({ service, environment, tenant }) {
      const row = raw
        .prepare('SELECT * FROM flamingock_lock WHERE service = ? AND environment = ? AND tenant = ?')
        .get(service, environment, tenant) as
        { owner: string | null; expires_at: number; highest_sequence: number } | undefined;
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

/** Reads and writes the fence around the target, with statements of its own. */
export function rawFences(raw: SqliteConnection): Pick<TargetDatabase, 'rawFence' | 'restoreFence'> {
  const ofFence = 'service = ? AND tenant = ?';
  return {
    async rawFence({ service, tenant }: FenceKey) {
      if (!exists(raw, 'flamingock_fence')) return undefined;
      return raw
        .prepare(`SELECT environment, claimed, begun, applied FROM flamingock_fence WHERE ${ofFence}`)
        .get(service, tenant) as RawFence | undefined;
    },
    async restoreFence({ service, tenant }: FenceKey, fence) {
      if (fence === undefined)
        raw.prepare(`DELETE FROM flamingock_fence WHERE ${ofFence}`).run(service, tenant);
      else
        raw
          .prepare(
            `UPDATE flamingock_fence SET environment = ?, claimed = ?, begun = ?, applied = ? WHERE ${ofFence}`,
          )
          .run(fence.environment, fence.claimed, fence.begun, fence.applied, service, tenant);
    },
  };
}

function exists(raw: SqliteConnection, table: string): boolean {
  return raw.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(table) !== undefined;
}
