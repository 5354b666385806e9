/**
 * Contracts that every audit store and every transactional target passes.
 *
 * @packageDocumentation
 */
export { contractCoverage } from './contract-case.js';
export type { ContractCase, ContractCoverage, LackingAbility, Lacks } from './contract-case.js';
export { AUDIT_STORE_ABILITIES } from './audit-store/abilities.js';
export type { AuditStoreAbility } from './audit-store/abilities.js';
export { auditStoreContract } from './audit-store/contract.js';
export type {
  AuditDatabase,
  AuditStoreHarness,
  ConnectionOptions,
  RawLock,
  UnreliableStore,
} from './audit-store/harness.js';
export { TARGET_ABILITIES } from './target/abilities.js';
export type { TargetAbility } from './target/abilities.js';
export { transactionalTargetContract } from './target/contract.js';
export type {
  RawFence,
  TargetDatabase,
  TargetHarness,
  TargetStatements,
  UnreliableTarget,
} from './target/harness.js';
