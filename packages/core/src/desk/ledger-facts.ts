import { displayName } from '../change/change.js';
import { compareOrder } from '../change/order.js';
import type { LedgerContent, LockRecord } from '../ledger/audit-store.js';
import { isApplied } from '../ledger/change-record.js';
import type {
  ChangeEntry,
  EpochEntry,
  LedgerEntry,
  LedgerKey,
  RecordedError,
  RunEntry,
} from '../ledger/entry.js';
import { fold, type LedgerState } from '../ledger/fold.js';
import { unseal } from '../ledger/seal.js';
import { isIssue } from '../plan/issue.js';
import { recordedChange } from './recorded-change.js';

/** One change, as the ledger alone tells of it. */
export interface RecordedFact {
  readonly id: string;
  readonly displayName: string;
  readonly targetSystem: string;
  readonly state: ChangeEntry['state'];
  readonly proof: ChangeEntry['proof'];
  /** Milliseconds since the epoch, by the audit store's clock. */
  readonly at: number;
  readonly error: RecordedError | undefined;
}

/** The last run that had work to do, or command of a person. */
export interface RunFact {
  readonly executionId: string;
  readonly at: number;
  readonly host: string;
  readonly processId: number;
  readonly applicationVersion: string | undefined;
  /** Ids of what it has applied. */
  readonly applied: readonly string[];
  /** Ids of what it left without success. */
  readonly failed: readonly string[];
}

/** What one ledger tells without any code. */
export interface LedgerFacts {
  readonly key: LedgerKey;
  /** The store's clock, in milliseconds since the epoch. */
  readonly now: number;
  readonly lock: LockRecord | undefined;
  readonly highestSequence: number;
  /** In their order. */
  readonly applied: readonly RecordedFact[];
  /** Changes of which only a person can tell what became of them. */
  readonly blocked: readonly RecordedFact[];
  /** Started, and without an outcome yet. */
  readonly running: readonly RecordedFact[];
  /** Failed, and applied again by the next run. */
  readonly failed: readonly RecordedFact[];
  readonly undone: readonly RecordedFact[];
  readonly lastRun: RunFact | undefined;
  /** Who began the epoch that all of this is about, and why; `undefined` for the first. */
  readonly epoch: Pick<EpochEntry, 'sequence' | 'at' | 'actor' | 'reason'> | undefined;
}

/** Tells what a whole reading of a ledger comes to. */
export function factsOf(key: LedgerKey, content: LedgerContent): LedgerFacts {
  const state = fold(content.entries);
  const latest = latestOf(state);
  const blocked = latest.filter(isBlocked);
  const of = (select: (entry: ChangeEntry) => boolean): readonly RecordedFact[] =>
    latest.filter((entry) => !blocked.includes(entry) && select(entry)).map(factOf);
  return {
    key,
    now: content.now,
    lock: content.lock,
    highestSequence: state.highestSequence,
    applied: of(isApplied),
    blocked: blocked.map(factOf),
    running: of((entry) => entry.state === 'STARTED'),
    failed: of(({ state: now }) => now === 'FAILED' || now === 'ROLLED_BACK' || now === 'ROLLBACK_FAILED'),
    undone: of((entry) => entry.state === 'UNDONE'),
    lastRun: lastRun(content.entries.map(unseal)),
    epoch: state.epoch === undefined ? undefined : beginningOf(state.epoch),
  };
}

function latestOf(state: LedgerState): readonly ChangeEntry[] {
  return [...state.changes.values()]
    .map(({ latest }) => latest)
    .sort((a, b) => compareOrder(a.order, b.order));
}

/** By the strategy that was recorded; what the code says of it today is not known here. */
function isBlocked(entry: ChangeEntry): boolean {
  return isIssue(recordedChange(entry), entry);
}

/** What an entry says of its change. */
function factOf(entry: ChangeEntry): RecordedFact {
  const { changeId: id, targetSystem, state, proof, at, error } = entry;
  return { id, displayName: displayName(entry), targetSystem, state, proof, at, error };
}

function beginningOf({ sequence, at, actor, reason }: EpochEntry): LedgerFacts['epoch'] {
  return { sequence, at, actor, reason };
}

/** The last execution of which the ledger knows: a run begins with an entry of its own, a resolution has none. */
function lastRun(entries: readonly LedgerEntry[]): RunFact | undefined {
  const run = entries.findLast((entry): entry is RunEntry => entry.kind === 'run');
  if (run === undefined) return undefined;
  const { executionId, at, host, processId, applicationVersion } = run;
  const outcomes = new Map<string, ChangeEntry>();
  for (const entry of entries)
    if ('changeId' in entry && entry.executionId === executionId) outcomes.set(entry.changeId, entry);
  const ids = (select: (entry: ChangeEntry) => boolean): readonly string[] =>
    [...outcomes.values()].filter(select).map(({ changeId }) => changeId);
  return {
    executionId,
    at,
    host,
    processId,
    applicationVersion,
    applied: ids(isApplied),
    failed: ids((entry) => !isApplied(entry) && entry.state !== 'SKIPPED' && entry.state !== 'UNDONE'),
  };
}
