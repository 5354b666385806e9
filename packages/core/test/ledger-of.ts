import type { ChangeEntry, RunEntry, StoredEntry } from '../src/ledger/entry.js';
import { seal } from '../src/ledger/seal.js';

const WRITER = { executionId: 'execution', instanceId: 'instance', host: 'host', processId: 1 } as const;

/** A `run` entry. */
export function runEntry(sequence: number, previousHash = ''): RunEntry {
  return { kind: 'run', sequence, at: 1_700_000_000_000, previousHash, ...WRITER };
}

/** What a test wants to say of a change; the rest is filled in. An id alone is an applied change. */
export type EntryLike = string | (Partial<ChangeEntry> & Pick<ChangeEntry, 'changeId'>);

/** A whole, chained ledger: a `run` entry and then the given ones, orders 1, 2, … by the first mention of an id. */
export function ledgerOf(...entries: readonly EntryLike[]): readonly StoredEntry[] {
  const ids = [...new Set(entries.map((entry) => (typeof entry === 'string' ? entry : entry.changeId)))];
  const sealed: StoredEntry[] = [seal(runEntry(1))];
  for (const like of entries) {
    const partial = typeof like === 'string' ? { changeId: like } : like;
    const entry: ChangeEntry = {
      kind: 'execution',
      order: String(ids.indexOf(partial.changeId) + 1),
      name: partial.changeId,
      state: 'APPLIED',
      proof: 'transaction',
      targetSystem: 'db',
      strategy: 'TX_SHARED',
      recovery: 'MANUAL_INTERVENTION',
      attempt: 1,
      source: `changes/${partial.changeId}.js`,
      ...partial,
      ...WRITER,
      sequence: sealed.length + 1,
      at: 1_700_000_000_000,
      previousHash: sealed.at(-1)?.hash ?? '',
    };
    sealed.push(seal(entry));
  }
  return sealed;
}
