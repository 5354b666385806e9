import type { EntryColumns } from './audit-store.js';
import type { LedgerEntry, StoredEntry } from './entry.js';
import { hashOf, isReadable, unseal } from './seal.js';

/** The end of a ledger: kept elsewhere, it shows later whether what was written until then was rewritten. */
export interface LedgerHead {
  readonly sequence: number;
  readonly hash: string;
}

/** Whether a ledger is whole; where not, the first sequence at which it breaks, and how. */
export type ChainVerdict =
  { readonly intact: true } | { readonly intact: false; readonly sequence: number; readonly reason: string };

/** What else is known of a ledger, against which it is held. */
export interface ChainWitnesses {
  /** Of the lock record; 0 where nobody ever held the lock. */
  readonly highestSequence?: number;
  /** A head that was kept elsewhere. */
  readonly anchor?: LedgerHead | undefined;
  /** The columns that the store keeps beside the texts. */
  readonly columns?: readonly EntryColumns[] | undefined;
}

/**
 * Checks that nothing was edited, inserted, swapped or taken out. A cut tail is found by the highest sequence that the
 * lock record remembers, and a rewritten chain only by a head that was kept elsewhere.
 */
export function verifyChain(entries: readonly StoredEntry[], witnesses: ChainWitnesses = {}): ChainVerdict {
  const columns = new Map(witnesses.columns?.map((row) => [row.sequence, row]));
  let previousHash = '';
  let expected = 1;
  for (const stored of entries) {
    const reason =
      defectOf(stored, expected, previousHash) ?? strayColumn(stored, columns.get(stored.sequence));
    if (reason !== undefined) return broken(stored.sequence, reason);
    previousHash = stored.hash;
    expected += 1;
  }
  const { highestSequence = 0, anchor } = witnesses;
  const missing = Math.max(highestSequence, anchor?.sequence ?? 0) >= expected;
  if (missing) return broken(expected, 'it is missing: the end of the ledger was cut off');
  if (anchor !== undefined && entries[anchor.sequence - 1]?.hash !== anchor.hash)
    return broken(
      anchor.sequence,
      'it is not the entry that was anchored: the chain was rewritten up to here',
    );
  return { intact: true };
}

function defectOf(stored: StoredEntry, expected: number, previousHash: string): string | undefined {
  if (stored.sequence !== expected)
    return `expected sequence ${expected}: an entry is missing or was inserted`;
  if (hashOf(stored.text) !== stored.hash) return 'the text does not have the recorded hash: it was edited';
  if (!isReadable(stored)) return 'its text cannot be read: it was edited';
  const entry = unseal(stored);
  if (entry.sequence !== stored.sequence) return 'the text belongs to another sequence';
  return entry.previousHash === previousHash ? undefined : 'it does not follow the entry before it';
}

/** A column that does not say what the text says misleads whoever queries the table. */
function strayColumn(stored: StoredEntry, row: EntryColumns | undefined): string | undefined {
  if (row === undefined) return undefined;
  const told = columnsOf(unseal(stored));
  const stray = (Object.keys(told) as (keyof EntryColumns)[]).find((name) => row[name] !== told[name]);
  return stray === undefined
    ? undefined
    : `its column for \`${stray}\` was edited: it does not say what the text says`;
}

/** What the columns beside an entry's text must say. */
export function columnsOf(entry: LedgerEntry): EntryColumns {
  const of = 'changeId' in entry ? { changeId: entry.changeId, state: entry.state } : {};
  return {
    sequence: entry.sequence,
    kind: entry.kind,
    changeId: undefined,
    state: undefined,
    ...of,
    executionId: entry.executionId,
    at: entry.at,
  };
}

function broken(sequence: number, reason: string): ChainVerdict {
  return { intact: false, sequence, reason };
}
