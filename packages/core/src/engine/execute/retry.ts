import { isTransient } from '../../change/transient.js';
import { hasCode } from '../../errors.js';
import { isObject } from '../../is-object.js';
import type { Attempt, Outcome } from '../run-context.js';

/** How deep a cause is looked for. */
const DEPTH = 5;

/**
 * How long this run waits before it tries a change again, in milliseconds; `undefined` where it does not. Only where the
 * change asks for it, and for what the change or its target calls transient; never after it was told to stop, because
 * it may still act then.
 *
 * @param tried how many attempts this run has made
 */
export function retryDelay({ run, bound }: Attempt, outcome: Outcome, tried: number): number | undefined {
  const { retry } = bound.change;
  const { state, error, proof, recorded } = outcome;
  if (retry === undefined || tried >= retry.attempts || recorded !== undefined) return undefined;
  if (state !== 'FAILED' && state !== 'ROLLED_BACK') return undefined;
  if (hasCode(error, 'FLG_DEADLINE') || hasCode(error, 'FLG_CLOSED')) return undefined;
  const passes = (one: unknown): boolean => isTransient(one) || bound.target.isTransient?.(one) === true;
  if (proof !== 'not-sent' && !causesOf(error).some(passes)) return undefined;
  const longest = Math.min(retry.maxBackoffMs, retry.backoffMs * 2 ** (tried - 1));
  // Half of it is chance, so that what failed together does not come back together.
  return Math.round(longest / 2 + (run.engine.time.random() * longest) / 2);
}

function causesOf(error: unknown): readonly unknown[] {
  const chain = [error];
  for (let one = error; isObject(one) && chain.length < DEPTH;) {
    one = (one as { readonly cause?: unknown }).cause;
    if (one !== undefined) chain.push(one);
  }
  return chain;
}
