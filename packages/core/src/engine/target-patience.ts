import type { EngineContext } from './context.js';

/**
 * How long a target may take at least to end the transaction of a change that was given up, and to answer a claim once the
 * run's time is over, in milliseconds: given up too early, what is only slow would count as unknown.
 */
export const LEAST_ENDING_MS = 5000;

/**
 * How long a target may take to end a transaction, and as long again to answer the claim that settles it, in milliseconds: a
 * target that has fallen silent keeps the lock no longer than others wait for it.
 */
export function targetPatienceMs({ lease }: Pick<EngineContext, 'lease'>): number {
  return lease.waitMs / 2;
}
