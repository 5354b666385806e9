import type { FenceKey, LedgerKey, StoredEntry } from '@flamingock/core/spi';
import type { AuditDatabase, RawFence } from '@flamingock/testing';
import type mysql from 'mysql2/promise';

type Row = mysql.RowDataPacket;

const OF_LEDGER = 'service = ? AND environment = ? AND tenant = ?';

/** Reads and writes the audit tables around the store, with statements of its own. */
export function rawMariadbTables(
  raw: mysql.Pool,
): Pick<
  AuditDatabase,
  'rawEntries' | 'editEntry' | 'editState' | 'rawLock' | 'expireLock' | 'setSchemaVersion'
> {
  return {
    async rawEntries(key) {
      if (!(await exists(raw, 'flamingock_ledger'))) return [];
      const [rows] = await raw.query<(StoredEntry & Row)[]>(
        `SELECT sequence, entry AS text, hash FROM flamingock_ledger WHERE ${OF_LEDGER} ORDER BY sequence`,
        parts(key),
      );
      return rows.map(({ sequence, text, hash }) => ({ sequence, text, hash }));
    },
    async editEntry(key, sequence, text) {
      const ofEntry = `${OF_LEDGER} AND sequence = ?`;
      if (text === undefined)
        await raw.query(`DELETE FROM flamingock_ledger WHERE ${ofEntry}`, [...parts(key), sequence]);
      else
        await raw.query(`UPDATE flamingock_ledger SET entry = ? WHERE ${ofEntry}`, [
          text,
          ...parts(key),
          sequence,
        ]);
    },
    async editState(key, sequence, state) {
      await raw.query(`UPDATE flamingock_ledger SET state = ? WHERE ${OF_LEDGER} AND sequence = ?`, [
        state,
        ...parts(key),
        sequence,
      ]);
    },
    async rawLock(key) {
      const [rows] = await raw.query<({ owner: Buffer | null; expires: number; highest: number } & Row)[]>(
        `SELECT owner, expires_at AS expires, highest_sequence AS highest FROM flamingock_lock WHERE ${OF_LEDGER}`,
        parts(key),
      );
      const [row] = rows;
      if (row === undefined) return undefined;
      return { owner: row.owner?.toString(), expiresAt: row.expires, highestSequence: row.highest };
    },
    async expireLock(key) {
      await raw.query(`UPDATE flamingock_lock SET expires_at = 0 WHERE ${OF_LEDGER}`, parts(key));
    },
    async setSchemaVersion(version) {
      await raw.query('UPDATE flamingock_schema SET version = ?', [version]);
    },
  };
}

/** The fence as it stands in the table. */
export async function rawMariadbFence(
  raw: mysql.Pool,
  { service, tenant }: FenceKey,
): Promise<RawFence | undefined> {
  if (!(await exists(raw, 'flamingock_fence'))) return undefined;
  const [rows] = await raw.query<Row[]>(
    'SELECT environment, claimed, begun, applied FROM flamingock_fence WHERE service = ? AND tenant = ?',
    [service, tenant],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  return {
    environment: String(row['environment']),
    claimed: Number(row['claimed']),
    begun: Number(row['begun']),
    applied: Number(row['applied']),
  };
}

/** Makes the fence what it was in a backup. */
export async function restoreMariadbFence(
  raw: mysql.Pool,
  { service, tenant }: FenceKey,
  fence: RawFence | undefined,
): Promise<void> {
  const ofFence = 'service = ? AND tenant = ?';
  if (fence === undefined)
    await raw.query(`DELETE FROM flamingock_fence WHERE ${ofFence}`, [service, tenant]);
  else
    await raw.query(
      `UPDATE flamingock_fence SET environment = ?, claimed = ?, begun = ?, applied = ? WHERE ${ofFence}`,
      [fence.environment, fence.claimed, fence.begun, fence.applied, service, tenant],
    );
}

async function exists(raw: mysql.Pool, table: string): Promise<boolean> {
  const [rows] = await raw.query<Row[]>('SHOW TABLES LIKE ?', [table]);
  return rows.length === 1;
}

function parts({ service, environment, tenant }: LedgerKey): string[] {
  return [service, environment, tenant];
}
