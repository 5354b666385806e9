import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type {
  AuditSession,
  EntryColumns,
  LeaseGrant,
  LeaseRequest,
  LedgerEntry,
  LedgerKey,
  SealedEntry,
  StoredEntry,
} from '@flamingock/core/spi';

export const KEY: LedgerKey = { service: 'orders', environment: 'production', tenant: '' };

/** An entry with a text of one's own; a store must keep any text. */
export function sealed(
  sequence: number,
  text = JSON.stringify({ sequence, note: 'as it was written' }),
): SealedEntry {
  return {
    sequence,
    text,
    hash: hashOf(text),
    entry: {
      kind: 'execution',
      sequence,
      at: 1_700_000_000_000 + sequence,
      previousHash: '',
      executionId: 'execution-1',
      instanceId: 'instance-1',
      host: 'host-1',
      processId: 1,
      changeId: `change-${sequence}`,
      order: String(sequence),
      name: 'AddColumn',
      state: 'APPLIED',
      proof: 'transaction',
      targetSystem: 'orders-db',
      strategy: 'TX_SEPARATE',
      recovery: 'MANUAL_INTERVENTION',
      attempt: 1,
      source: '_0001__AddColumn.ts',
    },
  };
}

/** The entry with which a run begins. */
export function sealedRun(sequence: number): SealedEntry {
  const { entry, ...sealedEntry } = sealed(sequence);
  const { at, previousHash, executionId, instanceId, host, processId } = entry;
  return {
    ...sealedEntry,
    entry: { kind: 'run', sequence, at, previousHash, executionId, instanceId, host, processId },
  };
}

/** What must stand beside the text of an entry. */
export function columnsOf(entry: LedgerEntry): EntryColumns {
  const { sequence, kind, executionId, at } = entry;
  const { changeId, state } = 'changeId' in entry ? entry : { changeId: undefined, state: undefined };
  return { sequence, kind, changeId, state, executionId, at };
}

/** The hash of a text, as the ledger has it. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The entry as it must be found again. */
export function stored({ sequence, text, hash }: SealedEntry): StoredEntry {
  return { sequence, text, hash };
}

/** Longer than any case. */
export const LEASE_MS = 60_000;

/** The lease that an instance asks for. */
export function leaseOf(owner: string, leaseMs = LEASE_MS): LeaseRequest {
  return { owner, host: `host-of-${owner}`, processId: 4711, leaseMs };
}

/** The lease that an instance must get. */
export async function granted(session: AuditSession, owner: string): Promise<LeaseGrant> {
  const grant = await session.acquire(KEY, leaseOf(owner));
  assert.ok(grant !== undefined, `the lock was refused to ${owner}`);
  return grant;
}
