import type { ChainVerdict } from '@flamingock/core';
import type { LedgerHistory } from '@flamingock/core/desk';
import { usage } from '../../frame/usage.js';
import { exportedEntries } from './exported-entries.js';

/** What was kept elsewhere. */
interface Witnesses {
  /** `<hash>`, or `<sequence>:<hash>`. */
  readonly head?: string;
  /** The file of an earlier export. */
  readonly export?: string;
}

/** Holds a ledger against itself, and against what was kept elsewhere: only that shows that all of it was rewritten. */
export async function heldAgainst(history: LedgerHistory, witnesses: Witnesses): Promise<ChainVerdict> {
  if (!history.chain.intact) return history.chain;
  const { head, export: file } = witnesses;
  const kept = [
    ...(head === undefined ? [] : [headOf(head)]),
    ...(file === undefined ? [] : await exportedEntries(file)),
  ];
  const hashes = new Map(history.entries.map(({ sequence, hash }) => [sequence, hash]));
  const known = new Set(hashes.values());
  for (const { sequence, hash } of kept) {
    if (sequence === undefined ? known.has(hash) : hashes.get(sequence) === hash) continue;
    return {
      intact: false,
      sequence: sequence ?? history.entries.length,
      reason:
        sequence === undefined
          ? 'no entry has the hash that was kept: the chain was rewritten'
          : 'it is not the entry that was kept: the chain was rewritten, or cut before it',
    };
  }
  return history.chain;
}

function headOf(text: string): { readonly sequence: number | undefined; readonly hash: string } {
  const match = /^(?:(\d+):)?([0-9a-f]{64})$/.exec(text.trim().toLowerCase());
  if (match === null)
    throw usage(
      `--head says '${text}', which is no hash.`,
      'Write what `flamingock audit verify` has shown.',
    );
  return { sequence: match[1] === undefined ? undefined : Number(match[1]), hash: match[2] ?? '' };
}
