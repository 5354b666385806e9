import type { ChangeEntry } from '../../ledger/entry.js';
import { attemptEntry, type Attempt, type Outcome } from '../run-context.js';
import { executePlain } from './execute-plain.js';
import { executeSeparate } from './execute-separate.js';
import { executeShared } from './execute-shared.js';

/** Executes an attempt by the strategy of its change, and finds out what became of it. */
export function execute(attempt: Attempt): Promise<Outcome> {
  const { strategy, target } = attempt.bound;
  const { transactions } = target;
  if (strategy === 'NON_TX' || transactions === undefined) return executePlain(attempt);
  return strategy === 'TX_SHARED'
    ? executeShared(attempt, transactions)
    : executeSeparate(attempt, transactions);
}

/**
 * Writes the outcome of an attempt to the ledger, unless it stands there already.
 *
 * @param final no further attempt of this run follows
 */
export async function record(attempt: Attempt, outcome: Outcome, final: boolean): Promise<ChangeEntry> {
  const { recorded, ...result } = outcome;
  const entry = recorded ?? (await attempt.run.tail.append(attemptEntry(attempt, { ...result, final })));
  return entry as ChangeEntry;
}
