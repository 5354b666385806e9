import type { ContractCase } from '../contract-case.js';
import { adoptionCases } from './adoption-cases.js';
import { clientCases } from './client-cases.js';
import { engineCases } from './engine-cases.js';
import { failureCases } from './failure-cases.js';
import { fenceCases } from './fence-cases.js';
import { livenessCases } from './liveness-cases.js';
import type { TargetHarness } from './harness.js';
import { sharedCases } from './shared-cases.js';
import { transactionCases } from './transaction-cases.js';

/**
 * What every transactional target promises, as data: any test framework can run it.
 *
 * @example
 * for (const { name, run } of transactionalTargetContract()) test(name, () => run(harness));
 */
export function transactionalTargetContract(): readonly ContractCase<TargetHarness>[] {
  return [
    ...fenceCases,
    ...adoptionCases,
    ...transactionCases,
    ...sharedCases,
    ...clientCases,
    ...livenessCases,
    ...failureCases,
    ...engineCases,
  ];
}
