import type { FenceKey, LedgerKey, StoredEntry } from '@flamingock/core/spi';
import type { AuditDatabase, RawFence } from '@flamingock/testing';
import type pg from 'pg';

const OF_LEDGER = 'service = $1 AND environment = $2 AND tenant = $3';

/** Reads and writes the audit tables around the store, with statements of its own. */
export function rawPostgresTables(
  raw: pg.Pool,
): Pick<
  AuditDatabase,
  'rawEntries' | 'editEntry' | 'editState' | 'rawLock' | 'expireLock' | 'setSchemaVersion'
> {
  return {
    async rawEntries(key) {
      if (!(await exists(raw, 'flamingock_ledger'))) return [];
      const { rows } = await raw.query<StoredEntry>(
        `SELECT sequence::integer, entry AS text, hash FROM flamingock_ledger WHERE ${OF_LEDGER} ORDER BY sequence`,
        parts(key),
      );
      return rows;
    },
    async editEntry(key, sequence, text) {
      const ofEntry = `${OF_LEDGER} AND sequence = $4`;
      if (text === undefined)
        await raw.query(`DELETE FROM flamingock_ledger WHERE ${ofEntry}`, [...parts(key), sequence]);
      else
        await raw.query(`UPDATE flamingock_ledger SET entry = $5 WHERE ${ofEntry}`, [
          ...parts(key),
          sequence,
          text,
        ]);
    },
    async editState(key, sequence, state) {
      await raw.query(`UPDATE flamingock_ledger SET state = $5 WHERE ${OF_LEDGER} AND sequence = $4`, [
        ...parts(key),
        sequence,
        state,
      ]);
    },
    async rawLock(key) {
      const { rows } = await raw.query<{ owner: string | null; expires: Date; highest: number }>(
        `SELECT owner, expires_at AS expires, highest_sequence::integer AS highest FROM flamingock_lock WHERE ${OF_LEDGER}`,
        parts(key),
      );
      const [row] = rows;
      if (row === undefined) return undefined;
      return {
        owner: row.owner ?? undefined,
        expiresAt: row.expires.getTime(),
        highestSequence: row.highest,
      };
    },
    async expireLock(key) {
      await raw.query(`UPDATE flamingock_lock SET expires_at = '1970-01-01Z' WHERE ${OF_LEDGER}`, parts(key));
    },
    async setSchemaVersion(version) {
      await raw.query('UPDATE flamingock_schema SET version = $1', [version]);
    },
  };
}

/** The fence as it stands in the table. */
export async function rawPostgresFence(
  raw: pg.Pool,
  { service, tenant }: FenceKey,
): Promise<RawFence | undefined> {
  if (!(await exists(raw, 'flamingock_fence'))) return undefined;
  const { rows } = await raw.query<RawFence>(
    `SELECT environment, claimed::integer, begun::integer, applied::integer FROM flamingock_fence WHERE service = $1 AND tenant = $2`,
    [service, tenant],
  );
  return rows[0];
}

/** Makes the fence what it was in a backup. */
export async function restorePostgresFence(
  raw: pg.Pool,
  { service, tenant }: FenceKey,
  fence: RawFence | undefined,
): Promise<void> {
  const ofFence = 'service = $1 AND tenant = $2';
  if (fence === undefined)
    await raw.query(`DELETE FROM flamingock_fence WHERE ${ofFence}`, [service, tenant]);
  else
    await raw.query(
      `UPDATE flamingock_fence SET environment = $3, claimed = $4, begun = $5, applied = $6 WHERE ${ofFence}`,
      [service, tenant, fence.environment, fence.claimed, fence.begun, fence.applied],
    );
}

async function exists(raw: pg.Pool, table: string): Promise<boolean> {
  return (await raw.query('SELECT 1 FROM pg_tables WHERE tablename = $1', [table])).rowCount === 1;
}

function parts({ service, environment, tenant }: LedgerKey): string[] {
  return [service, environment, tenant];
}
