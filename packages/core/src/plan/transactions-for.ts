import type { Change } from '../change/change.js';
import type { Target, TargetTransactions } from '../target/target.js';

/** The transactions in which a change runs; `undefined` where it runs in none. */
export function transactionsFor(
  { transactional }: Pick<Change, 'transactional'>,
  target: Target | undefined,
): TargetTransactions | undefined {
  const transactions = target?.transactions;
  return (transactional ?? transactions?.implicitCommits !== true) ? transactions : undefined;
}
