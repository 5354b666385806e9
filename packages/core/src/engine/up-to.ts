import type { AssignedChange } from '../plan/assign-target.js';
import type { Reading } from './sequence.js';

/** The reading for a run that ends with a change: what comes after it is not for this run to do. */
export function upTo(reading: Reading, until: string | undefined): Reading {
  if (until === undefined) return reading;
  const { plan } = reading;
  const count = upToPosition(
    plan.steps.map(({ change }) => change),
    until,
  );
  const within = new Set(plan.steps.slice(0, count));
  return { ...reading, plan: { ...plan, pending: plan.pending.filter((step) => within.has(step)) } };
}

/** How many changes there are up to one of them, itself included; all of them without it. */
export function upToPosition(
  changes: readonly Pick<AssignedChange, 'id'>[],
  until: string | undefined,
): number {
  return until === undefined ? changes.length : changes.findIndex(({ id }) => id === until) + 1;
}
