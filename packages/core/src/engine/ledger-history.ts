import type { EngineContext } from './context.js';
import { type ChainVerdict, type LedgerHead, verifyChain } from '../ledger/chain.js';
import type { LedgerEntry } from '../ledger/entry.js';
import { isReadable, unseal } from '../ledger/seal.js';

/** An entry with the hash that the next one refers to. */
export type HashedEntry = LedgerEntry & { readonly hash: string };

/** The ledger as it is exported and verified. */
export interface LedgerHistory {
  /** Oldest first. One whose text was destroyed is left out; `chain` names it. */
  readonly entries: readonly HashedEntry[];
  /** The end of the ledger; `undefined` for an empty one. */
  readonly head: LedgerHead | undefined;
  /** Whether the ledger is whole, and if not, where it breaks and how. */
  readonly chain: ChainVerdict;
}

/**
 * Reads a ledger and checks it.
 *
 * @param anchor a head that was kept elsewhere
 */
export async function historyOf(
  { access, key }: EngineContext,
  anchor: LedgerHead | undefined,
): Promise<LedgerHistory> {
  // The columns first: what is appended in between has none to be checked, and is checked by its hash.
  const columns = await access.columns(key);
  const { entries, highestSequence } = await access.read(key);
  const chain = verifyChain(entries, { highestSequence, anchor, columns });
  const last = entries.at(-1);
  const head = last === undefined ? undefined : { sequence: last.sequence, hash: last.hash };
  return {
    entries: entries.filter(isReadable).map((stored) => ({ ...unseal(stored), hash: stored.hash })),
    head,
    chain,
  };
}
