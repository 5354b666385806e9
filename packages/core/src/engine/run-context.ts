import { type ChangeMethodName, displayName } from '../change/change.js';
import type { ChangeReference } from '../events.js';
import type {
  ChangeEntry,
  EntryKind,
  EntryState,
  LedgerEntry,
  Proof,
  RecordedError,
} from '../ledger/entry.js';
import type { ChangeEntryParts, LedgerTail } from './ledger-tail.js';
import type { AuditSession } from '../ledger/audit-store.js';
import type { LedgerState } from '../ledger/fold.js';
import type { Lease } from '../lock/lease.js';
import type { AssignedChange } from '../plan/assign-target.js';
import type { BoundChange } from '../dependencies/binding.js';
import type { ClockReading } from '../time.js';
import type { EngineContext } from './context.js';
import { AttemptCheckpoint } from './execute/attempt-checkpoint.js';
import type { RunBy } from './may-apply.js';
import { locationIn } from '../error-location.js';

/** One run under the lock. */
export interface RunContext {
  readonly engine: EngineContext;
  readonly executionId: string;
  readonly lease: Lease;
  readonly tail: LedgerTail;
  /** The sequence of the `run` entry, with which every target is claimed. */
  readonly token: number;
  readonly by: RunBy;
  readonly bound: ReadonlyMap<string, BoundChange>;
  /** When it had the lock. */
  readonly began: ClockReading;
  readonly session: AuditSession;
  /** The ledger as it was read when the run began. */
  readonly ledger: LedgerState;
}

/** What an attempt does to its change, and what it is recorded as. */
export interface Action {
  readonly kind: Extract<EntryKind, 'execution' | 'undo'>;
  readonly method: Exclude<ChangeMethodName, 'verify'>;
  /** The state once it is done. */
  readonly done: Extract<EntryState, 'APPLIED' | 'UNDONE'>;
  /** The state where it is proven that it has done nothing. */
  readonly notDone: Extract<EntryState, 'FAILED' | 'APPLIED'>;
  /** The person who wants it, and why. */
  readonly wanted?: { readonly actor: string; readonly reason: string };
}

/** Applies the change. */
export const APPLY: Action = { kind: 'execution', method: 'apply', done: 'APPLIED', notDone: 'FAILED' };

/** Undoes the change, which is applied: where nothing of the rollback took place, it still is. */
export const UNDO: Action = { kind: 'undo', method: 'rollback', done: 'UNDONE', notDone: 'APPLIED' };

/** One attempt at one change. */
export interface Attempt {
  readonly run: RunContext;
  readonly bound: BoundChange;
  readonly action: Action;
  /** 1 for the first. */
  readonly number: number;
  /** By the audit store's clock. */
  readonly startedAt: number;
  readonly noticed: Noticed;
  readonly checkpoint: AttemptCheckpoint;
}

/** What was noticed while an attempt ran. */
export interface Noticed {
  /** The longest time for which the event loop had no turn, in milliseconds. */
  blockedMs: number;
}

/** How an attempt ended, as far as it can be known. */
export interface Outcome {
  readonly state: Extract<EntryState, 'APPLIED' | 'FAILED' | 'ROLLED_BACK' | 'ROLLBACK_FAILED' | 'UNDONE'>;
  readonly proof: Proof;
  readonly error?: unknown;
  /** Set where it stands in the ledger already, written with the change itself. */
  readonly recorded?: LedgerEntry;
}

/** Begins an attempt. */
export function beginAttempt(
  run: RunContext,
  bound: BoundChange,
  number: number,
  action: Action = APPLY,
): Attempt {
  return {
    run,
    bound,
    action,
    number,
    startedAt: run.lease.clock.now(),
    noticed: { blockedMs: 0 },
    checkpoint: new AttemptCheckpoint(run, bound.change),
  };
}

/** The outcome of an attempt that has done what it should. */
export function done({ action }: Attempt, proof: Proof): Outcome {
  return { state: action.done, proof };
}

/** The outcome of an attempt that failed. Without a proof nobody knows what it has done. */
export function failed({ action }: Attempt, proof: Proof, error: unknown): Outcome {
  return { state: proof === 'none' ? 'FAILED' : action.notDone, proof, error };
}

/** What an entry says beyond which attempt it is about. */
export interface AttemptResult {
  readonly state: EntryState;
  readonly proof: Proof;
  readonly error?: unknown;
  /** No attempt of the same run follows. */
  readonly final?: boolean;
}

/** The entry for a state of an attempt. */
export function attemptEntry(attempt: Attempt, result: AttemptResult): ChangeEntryParts {
  const { run, bound, action } = attempt;
  const { state, proof, error, final } = result;
  const { wants } = bound.change;
  const finishedAt = run.lease.clock.now();
  return {
    kind: action.kind,
    ...describeChange(bound),
    state,
    proof,
    attempt: attempt.number,
    startedAt: attempt.startedAt,
    ...(state === 'STARTED' ? {} : { finishedAt, durationMs: Math.max(0, finishedAt - attempt.startedAt) }),
    ...(error === undefined ? {} : { error: recordedError(attempt, error) }),
    ...(final === true ? { final } : {}),
    ...(state === action.done && wants !== undefined
      ? { metadata: { wants: wants.map((line) => run.engine.redactor.redact(line)) } }
      : {}),
    ...action.wanted,
  };
}

/** What the ledger and the terminal may know of what an attempt threw. */
export function recordedError({ run, bound, noticed }: Attempt, error: unknown): RecordedError {
  const at = locationIn(error, bound.change.source);
  const recorded = run.engine.redactor.record(error);
  const blocked =
    noticed.blockedMs === 0 ? '' : ` (${blockedBy(noticed.blockedMs, referenceTo(bound.change))})`;
  return { ...recorded, message: `${recorded.message}${blocked}`, ...(at === undefined ? {} : { at }) };
}

/** Why something may have come too late. */
export function blockedBy(ms: number, change: ChangeReference): string {
  return `the event loop was blocked for ${Math.round(ms / 100) / 10} s by ${change.displayName}`;
}

export type ChangeDescription = Pick<
  ChangeEntry,
  | 'changeId'
  | 'order'
  | 'name'
  | 'author'
  | 'targetSystem'
  | 'targetIdentity'
  | 'strategy'
  | 'recovery'
  | 'source'
  | 'revision'
>;

/** What every entry says of the change that it is about. */
export function describeChange({
  change,
  target,
  strategy,
}: Pick<BoundChange, 'change' | 'target' | 'strategy'>): ChangeDescription {
  return {
    changeId: change.id,
    order: change.order,
    name: change.name,
    ...(change.author === undefined ? {} : { author: change.author }),
    targetSystem: change.targetSystem,
    ...(target.identity === undefined ? {} : { targetIdentity: target.identity }),
    strategy,
    recovery: change.recovery,
    source: change.source,
    ...(change.revision === undefined ? {} : { revision: change.revision }),
  };
}

/** The change as events and reports name it. */
export function referenceTo(change: AssignedChange): ChangeReference {
  return { id: change.id, displayName: displayName(change), targetSystem: change.targetSystem };
}
