/**
 * The door for people who write framework integrations: the run, the gate before the traffic, and what probes are told.
 *
 * @packageDocumentation
 */
export { createHosted } from './hosted.js';
export type { Hosted } from './hosted.js';
export { createGate } from './gate.js';
export type { Gate } from './gate.js';
export type { GateOptions, HostingOptions, ValidHosting } from './hosting-options.js';
export { isOpenMethod } from './open-paths.js';
export type { GateRequest, OpenPath } from './open-paths.js';
export { bodyText, type HttpAnswer } from './http-answer.js';
export { readinessAnswer } from './readiness-answer.js';
export type { HealthBody, HealthEntry } from './readiness-answer.js';
export type { ProblemBody } from './gate-answer.js';
export { throwProblems } from '../errors.js';
export { unknownKeys } from '../known-keys.js';
export { isToken } from '../change/token.js';
export { endBySignal, onEndingSignal } from './ending-signal.js';
export type { EndingSignal } from './ending-signal.js';
export { runUntilSignal } from './run-until-signal.js';
export type { UntilSignalOptions } from './run-until-signal.js';
export { toldReason } from './told-reason.js';
