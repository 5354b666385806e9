import type { HashedEntry } from '../engine/ledger-history.js';
import { type ChainVerdict, verifyChain } from '../ledger/chain.js';
import { seal } from '../ledger/seal.js';

/**
 * Tells whether an exported ledger is still what was exported: its hashes are those of its entries. One that was rewritten
 * as a whole shows only against the store.
 *
 * @param entries a whole ledger, oldest first
 */
export function verifyExport(entries: readonly HashedEntry[]): ChainVerdict {
  return verifyChain(
    entries.map(({ hash, ...entry }) => ({ sequence: entry.sequence, text: seal(entry).text, hash })),
  );
}
