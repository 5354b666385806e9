/**
 * The door for people who write changes and run the engine.
 *
 * @packageDocumentation
 */
export { createFlamingock } from './create-flamingock.js';
export { ERROR_CODES, FlamingockError, hasCode, isFlamingockError } from './errors.js';
export type { ErrorCode, FlamingockErrorParts } from './errors.js';
export { consoleLogger, silentLogger } from './logger.js';
export type { Logger } from './logger.js';
export type { FlamingockEvent, FlamingockListener, ChangeReference } from './events.js';
export type {
  ChangeDeclaration,
  ChangeGroup,
  ChangeSource,
  Dependency,
  EnvironmentOptions,
  FlamingockOptions,
  LockOptions,
} from './options.js';
export type * from './flamingock.js';
export type * from './run-report.js';
export type * from './operations.js';
export type { Plan, PlanAction, PlanStep } from './plan/plan.js';

export {
  Apply,
  Change,
  Inject,
  Optional,
  Outside,
  Recovery,
  Rollback,
  TargetSystem,
  Verify,
} from './change/decorators.js';
export { defineChange } from './change/define-change.js';
export type { ChangeDefinition, DefinedChange } from './change/define-change.js';
export type { ChangeOptions, ExecutionOptions, RecoveryOptions } from './change/decorator-options.js';
export { ChangeContext } from './change/change-context.js';
export type { Checkpoint, JsonValue, Progress } from './change/change-context.js';
export { NotApplied } from './change/not-applied.js';
export type { Observation } from './change/observation.js';
export { Transient } from './change/transient.js';
export type { Execution, RecoveryStrategy, RetryPolicy, Verdict } from './change/change.js';
export { token } from './change/token.js';
export type { Class, Token, TokenValue, TypedToken } from './change/token.js';

export { target } from './target/generic-target.js';
export type { GenericTargetOptions } from './target/generic-target.js';
export { httpTarget } from './target/http/http-target.js';
export { HttpClient } from './target/http/http-client.js';
export type { HttpAuth, HttpAuthSource } from './target/http/credentials.js';
export type { HttpRequest, HttpRequestOptions, HttpResponse } from './target/http/http-client.js';
export { isHttpError } from './target/http/http-error.js';
export type { HttpError } from './target/http/http-error.js';
export type { HttpTargetOptions } from './target/http/http-options.js';
export { fileTarget } from './target/file/file-target.js';
export type { FileTargetOptions } from './target/file/file-target.js';
export { TargetFiles } from './target/file/target-files.js';
export type { WriteOptions } from './target/file/target-files.js';
export { isFileError } from './target/file/file-error.js';
export type { FileError } from './target/file/file-error.js';
export { MemoryDatabase } from './memory/memory-database.js';
export { memoryAuditStore } from './memory/memory-store.js';
export { memoryTarget, MemoryValues } from './memory/memory-target.js';

export type * from './ledger/entry.js';
export type { ChainVerdict, LedgerHead } from './ledger/chain.js';
export type { AuditStore, LockRecord } from './ledger/audit-store.js';
export type { Target } from './target/target.js';
export type { Container, DependencyRequest } from './dependencies/container.js';
