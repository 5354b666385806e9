import type { StoredEntry } from './entry.js';
import { hashOf, unseal } from './seal.js';

/** Whether a ledger is whole; where not, the first sequence at which it breaks, and how. */
export type ChainVerdict =
  { readonly intact: true } | { readonly intact: false; readonly sequence: number; readonly reason: string };

/**
 * Checks that nothing was edited, inserted or taken out of the middle. A rewritten chain is found only by
 * comparing its head with one that was kept elsewhere, a cut tail only by the highest sequence that the lock
 * record and the fences remember.
 */
export function verifyChain(entries: readonly StoredEntry[]): ChainVerdict {
  let previousHash = '';
  let expected = 1;
  for (const stored of entries) {
    const broken = (reason: string): ChainVerdict => ({ intact: false, sequence: stored.sequence, reason });
    if (stored.sequence !== expected)
      return broken(`expected sequence ${expected}: an entry is missing or was inserted`);
    if (hashOf(stored.text) !== stored.hash)
      return broken('the text does not have the recorded hash: it was edited');
    const entry = unseal(stored);
    if (entry.sequence !== stored.sequence) return broken('the text belongs to another sequence');
    if (entry.previousHash !== previousHash) return broken('it does not follow the entry before it');
    previousHash = stored.hash;
    expected += 1;
  }
  return { intact: true };
}
