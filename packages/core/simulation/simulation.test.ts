import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { simulate } from './simulate.js';
import { simulateMany, type Summary } from './simulate-many.js';

/** Seeds that once broke a rule. */
const keptSeeds = JSON.parse(readFileSync(join(import.meta.dirname, 'kept-seeds.json'), 'utf8')) as number[];

const SCHEDULES = 2000;

function range(count: number): Iterable<number> {
  return Array.from({ length: count }, (_, index) => index + 1);
}

const { stackTraceLimit } = Error;

beforeAll(() => {
  // Errors are part of the game; where each comes from takes most of the time.
  Error.stackTraceLimit = 0;
});

afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

describe('schedules of several instances, with faults', () => {
  let summary: Summary;

  beforeAll(async () => {
    summary = await simulateMany(range(SCHEDULES));
  }, 600_000);

  test('break no rule', () => {
    expect(summary.counterexamples).toEqual([]);
    expect(summary.schedules).toBe(SCHEDULES);
  });

  test.each([
    'fault: crash',
    'fault: lost',
    'fault: pause',
    'lock: taken over',
    'ledger: APPLIED (fence)',
    'ledger: APPLIED (verify)',
    'ledger: FAILED (none)',
    'ledger: MANUALLY_APPLIED (person)',
    'ledger: ROLLED_BACK (rollback)',
    'ledger: SKIPPED (none)',
    'ledger: UNDONE (transaction)',
    'ledger: UNDONE (rollback)',
    'ledger: adopted (behind)',
    'ledger: a new epoch',
    'person: redoes',
    'change: goes on from its checkpoint',
    'start: FLG_CHANGES_PENDING',
    'start: FLG_CHANGE_HELD',
    'start: FLG_CHANGE_RESERVED',
    'start: FLG_DEADLINE',
    'start: FLG_LOCK_LOST',
    'start: FLG_OUT_OF_ORDER',
    'start: waited',
  ])('come to: %s', (what) => {
    expect(summary.tally[what]).toBeGreaterThan(0);
  });
});

test('seeds that once broke a rule break none', async () => {
  for (const seed of keptSeeds) expect(await simulate(seed)).toMatchObject({ seed, violation: undefined });
});

test('a seed is always the same schedule', async () => {
  const [one, other]: [string[], string[]] = [[], []];
  await simulate(7, { trace: one });
  await simulate(7, { trace: other });
  expect(one.length).toBeGreaterThan(20);
  expect(other).toEqual(one);
});
