import type { ContractCase } from '../contract-case.js';
import type { AuditStoreHarness } from './harness.js';
import { declarationCases } from './declaration-cases.js';
import { failureCases } from './failure-cases.js';
import { checkpointCases } from './checkpoint-cases.js';
import { clockCases } from './clock-cases.js';
import { ledgerCases } from './ledger-cases.js';
import { lockCases } from './lock-cases.js';
import { schemaCases } from './schema-cases.js';
import { sessionCases } from './session-cases.js';
import { sharingCases } from './sharing-cases.js';

/**
 * What every audit store promises, as data: any test framework can run it.
 *
 * @example
 * for (const { name, run } of auditStoreContract()) test(name, () => run(harness));
 */
export function auditStoreContract(): readonly ContractCase<AuditStoreHarness>[] {
  return [
    ...schemaCases,
    ...ledgerCases,
    ...lockCases,
    ...clockCases,
    ...declarationCases,
    ...checkpointCases,
    ...sessionCases,
    ...sharingCases,
    ...failureCases,
  ];
}
