/**
 * Contracts that every audit store, every transactional target and every framework integration passes.
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
export { FRAMEWORK_ABILITIES } from './frameworks/abilities.js';
export type { FrameworkAbility } from './frameworks/abilities.js';
export { frameworkContract } from './frameworks/contract.js';
export type {
  DeploymentOptions,
  Ending,
  FrameworkDeployment,
  FrameworkHarness,
  FrameworkProcess,
  StartOptions,
} from './frameworks/harness.js';
