/**
 * Contracts that every audit store and every transactional target passes.
 *
 * @packageDocumentation
 */
export type { ContractCase, Lacks } from './contract-case.js';
export { auditStoreContract } from './audit-store/contract.js';
export type { AuditDatabase, AuditStoreAbility, AuditStoreHarness, RawLock } from './audit-store/harness.js';
export { transactionalTargetContract } from './target/contract.js';
export type {
  RawFence,
  TargetAbility,
  TargetDatabase,
  TargetHarness,
  TargetStatements,
} from './target/harness.js';
