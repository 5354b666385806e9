import { describe, expect, test } from '@jest/globals';
import { defectiveTargets } from '../../test/defective-targets.js';
import { failingCases } from '../../test/failing-cases.js';
import { simulatedTarget } from '../../test/simulated-target.js';
import { simulatedTargetHarness } from '../../test/simulated-target-harness.js';
import { transactionalTargetContract } from './contract.js';

const contract = transactionalTargetContract();

describe('the contract tells honest targets from defective ones', () => {
  for (const { name, run } of contract)
    test(`an honest target passes: ${name}`, () => run(simulatedTargetHarness(simulatedTarget)));

  test.each(defectiveTargets)('it catches a target that $what', async ({ caughtBy, make }) => {
    const meant = contract.filter(({ name }) => caughtBy.includes(name));
    expect(await failingCases(meant, simulatedTargetHarness(make))).toEqual(meant.map(({ name }) => name));
  });

  test('every case is meant for at least one of them, and each of them for a case', () => {
    const meant = new Set(defectiveTargets.flatMap(({ caughtBy }) => caughtBy));
    expect([...meant].sort()).toEqual(contract.map(({ name }) => name).sort());
  });
});
