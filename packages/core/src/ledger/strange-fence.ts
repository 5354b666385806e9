import type { LedgerState } from './fold.js';

/** What a fence shows that is not of this ledger's epoch. */
export interface StrangeFence {
  /** `past`: of an earlier epoch, so its target was not made anew, or was restored since; `ahead`: not of this ledger. */
  readonly found: 'past' | 'ahead';
  /** The highest sequence that it shows so. */
  readonly sequence: number;
}

/** Tells whether a fence shows something that the ledger does not know; `undefined`: it does not. */
export function strangeFence(
  { fenceSequences, epoch }: LedgerState,
  { begun, applied }: { readonly begun: number; readonly applied: number },
): StrangeFence | undefined {
  const sequence = Math.max(
    0,
    ...[begun, applied].filter((shown) => shown > 0 && !fenceSequences.has(shown)),
  );
  if (sequence === 0) return undefined;
  return { found: sequence < (epoch?.sequence ?? 0) ? 'past' : 'ahead', sequence };
}
