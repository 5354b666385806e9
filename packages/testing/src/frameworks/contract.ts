import type { ContractCase } from '../contract-case.js';
import { failureCases } from './failure-cases.js';
import { gateCases } from './gate-cases.js';
import type { FrameworkHarness } from './harness.js';
import { signalCases } from './signal-cases.js';
import { startCases } from './start-cases.js';

/**
 * What every integration of a framework promises, as data: any test framework can run it. It looks at real processes
 * from outside, so what it needs of them is their harness.
 *
 * @example
 * for (const { name, run } of frameworkContract()) test(name, () => run(harness), 60_000);
 */
export function frameworkContract(): readonly ContractCase<FrameworkHarness>[] {
  return [...startCases, ...gateCases, ...failureCases, ...signalCases];
}
