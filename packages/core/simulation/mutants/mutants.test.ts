import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { simulate, type SimulationOptions } from '../simulate.js';
import { type Defect, DEFECTS } from '../systems/defects.js';
import { ENGINE_MUTANTS } from './engine-mutants.js';
import { withMutantEngine } from './mutant-engine.js';

/** Within so many schedules each of them is found. */
const SCHEDULES = 3000;
const TIMEOUT_MS = 120_000;

const { stackTraceLimit } = Error;

beforeAll(() => {
  Error.stackTraceLimit = 0;
});

afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

/** Schedules that have shown what is wrong; others are tried after them. */
const SEEDS: Readonly<Record<Defect, number>> = {
  'the ledger takes a sequence twice': 37,
  'the lock is given to whoever asks': 1,
  'the store judges by the clock of the client': 4,
  'a lease is renewed for whoever asks': 2183,
  'the fence matches every run': 343,
  'a claim does not wait for open transactions': 253,
  'the fence is marked as applied at the beginning': 1300,
  'a commit without an answer counts as rolled back': 89,
  'a commit without an answer counts as committed': 165,
  'the outcome is appended outside of the transaction': 6,
  'a checkpoint is read long before it is claimed': 267,
  'a checkpoint is saved for whoever asks': 267,
  'a checkpoint that comes late takes the place of its successor': 1372,
};

/** The rule that the first schedule breaks which breaks one. */
async function ruleBroken(first: number, options: SimulationOptions): Promise<string | undefined> {
  for (let seed = 0; seed <= SCHEDULES; seed += 1) {
    const { violation } = await simulate(seed === 0 ? first : seed, options);
    if (violation !== undefined) return violation.rule;
  }
  return undefined;
}

describe('it is noticed when a part of the systems is wrong:', () => {
  test.each(DEFECTS)(
    '%s',
    async (defect) => {
      expect(await ruleBroken(SEEDS[defect], { defects: [defect] })).toBeDefined();
    },
    TIMEOUT_MS,
  );
});

describe('it is noticed when a line of the engine is wrong:', () => {
  test.each(ENGINE_MUTANTS)(
    '$name',
    async (mutant) => {
      const broken = await withMutantEngine(mutant, (engine) => ruleBroken(mutant.seed, { engine }));
      expect(broken).toBeDefined();
    },
    TIMEOUT_MS,
  );
});
