/**
 * The door for people who write audit stores, targets and framework integrations' containers.
 *
 * @packageDocumentation
 */
export { FlamingockError, hasCode, isFlamingockError, throwProblems } from '../errors.js';
export type { ErrorCode, FlamingockErrorParts } from '../errors.js';
export { unknownKeys } from '../known-keys.js';
export { token, tokenKey, tokenName } from '../change/token.js';
export type { Class, Token, TypedToken } from '../change/token.js';
export type * from '../ledger/entry.js';
export type * from '../ledger/audit-store.js';
export type * from '../target/target.js';
export { observedEvidence } from '../target/http/observe.js';
export type { ObservedEvidence } from '../target/http/observe.js';
export type { ObservedSystem } from '../target/http/attempt-traffic.js';
export { isTransientHttp } from '../target/http/transient.js';
export type { Container, DependencyRequest } from '../dependencies/container.js';
