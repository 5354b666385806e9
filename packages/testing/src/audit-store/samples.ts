import { createHash } from 'node:crypto';
import type { LeaseRequest, LedgerKey, SealedEntry, StoredEntry } from '@flamingock/core/spi';

export const KEY: LedgerKey = { service: 'orders', environment: 'production', tenant: '' };

/** An entry with a text of one's own; a store must keep any text. */
export function sealed(
  sequence: number,
  text = JSON.stringify({ sequence, note: 'as it was written' }),
): SealedEntry {
  return {
    sequence,
    text,
    hash: createHash('sha256').update(text).digest('hex'),
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

/** The entry as it must be found again. */
export function stored({ sequence, text, hash }: SealedEntry): StoredEntry {
  return { sequence, text, hash };
}

/** The lease that an instance asks for. */
export function leaseOf(owner: string, leaseMs = 60_000): LeaseRequest {
  return { owner, host: `host-of-${owner}`, processId: 4711, leaseMs };
}
