/**
 * The door for the command line and for tools of operations: what can be done with an audit store alone.
 *
 * @packageDocumentation
 */
export { openDesk } from './desk.js';
export type { Desk } from './desk.js';
export type { DeskOptions } from './desk-context.js';
export type { DeskChange, DeskStatus, Standing } from './desk-status.js';
export type { LedgerFacts, RecordedFact, RunFact } from './ledger-facts.js';
export type { HashedEntry, LedgerHistory } from '../engine/ledger-history.js';
export { verifyExport } from './exported-chain.js';
export { recordedSequence } from './recorded-sequence.js';
export type { RecordedChange } from './recorded-sequence.js';
export type { LockRelease, LockReleaseOptions } from './release-lock.js';
export type { TargetFacts, TargetStanding } from './target-facts.js';
export { assertDisposable } from '../engine/disposable.js';
export { holdStarts } from './held-starts.js';
export type { HeldEngine } from './held-starts.js';
export { discover } from '../discovery/discover.js';
export type { Discovery } from '../discovery/discover.js';
export { displayName } from '../change/change.js';
export type { Change } from '../change/change.js';
export { compareOrder, normaliseOrder, parseChangeName } from '../change/order.js';
export { assignTargets } from '../plan/assign-target.js';
export { knownNames, nearest } from '../nearest.js';
export { Redactor } from '../report/redactor.js';
