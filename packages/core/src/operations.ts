import type { AppliedChange } from './run-report.js';
import type { Verdict } from './change/change.js';
import type { RecoveryStrategy } from './change/change.js';
import type { AdoptionFinding, EntryState, RecordedError, TransactionStrategy } from './ledger/entry.js';

/** Who does something to a ledger, and why; both are recorded. */
export interface Person {
  readonly actor: string;
  readonly reason: string;
}

/** A change whose outcome has no proof, with what a person needs to decide. */
export interface Issue {
  readonly changeId: string;
  readonly displayName: string;
  /** Where the change is written. */
  readonly source: string;
  /** What was interrupted or failed: applying the change, or undoing it. */
  readonly of: 'execution' | 'undo';
  /** The sequence of the entry that made it an issue. Pass it to `resolve` as `expected`. */
  readonly sequence: number;
  readonly targetSystem: string;
  readonly targetIdentity?: string;
  readonly strategy: TransactionStrategy;
  readonly recovery: RecoveryStrategy;
  readonly state: EntryState;
  /** Milliseconds since the epoch, by the audit store's clock. */
  readonly since: number;
  /** Attempts so far. */
  readonly attempt: number;
  /** The process that made the last one; whoever came next may have recorded what became of it. */
  readonly host: string;
  readonly processId: number;
  readonly error: RecordedError | undefined;
  /** Why nothing proves the outcome, one reason each. */
  readonly missingProof: readonly string[];
  /** What the change's `verify` answers now; only where it was asked for. */
  readonly verified?: VerifiedChange;
  /** What each answer of a person leads to. */
  readonly leadsTo: Readonly<Record<Resolution['as'], string>>;
  /** What to do, in order; commands are written out. */
  readonly nextSteps: readonly string[];
}

/** How an issue is shown. */
export interface IssueOptions {
  /** Asks the change's `verify` now, outside the lock. Default `false`. */
  readonly verify?: boolean;
}

/** A person's word on an issue. */
export interface Resolution extends Person {
  /** `APPLIED`: the target system holds the change; it never runs again. `ROLLED_BACK`: it holds nothing of it; it is pending again. */
  readonly as: 'APPLIED' | 'ROLLED_BACK';
  /**
   * The `sequence` of the issue that the person was shown; where another one stands there by now, the resolution is
   * refused. Default: what stands there when `resolve` is called.
   */
  readonly expected?: number;
}

/** What to undo, and who wants it. */
export type UndoOptions = Person & {
  /**
   * Ids of the changes that the person was shown to be undone, in any order; where others would be undone by now, it is
   * refused. Default: what would be undone when `undo` is called.
   */
  readonly expected?: readonly string[];
} & (
    | {
        /** The last applied change of the sequence. */
        readonly last: true;
        readonly downTo?: never;
      }
    | {
        /** The id of the lowest change to undo: it, and every applied one above it, last first. */
        readonly downTo: string;
        readonly last?: never;
      }
  );

/** What an undo did. */
export interface UndoReport {
  readonly executionId: string;
  /** In the order in which they were undone. */
  readonly undone: readonly UndoneChange[];
  /** Ids of changes of which an interrupted undo was found to be done. */
  readonly settled: readonly string[];
  readonly durationMs: number;
}

/** One change that was undone. */
export type UndoneChange = AppliedChange;

/** Whose word an adoption is, and what is known of the changes that it puts in doubt. */
export interface AdoptionOptions extends Person {
  /**
   * What the person knows of all changes in doubt together: `APPLIED`, the system holds them; `ROLLED_BACK`, it holds
   * none of them. Default: each becomes an issue, unless its `verify` or its strategy settles it in the next run.
   */
  readonly inDoubt?: Resolution['as'];
}

/** What was adopted. */
export interface AdoptionReport {
  /** The target systems that were adopted: the named one, and those on the same driver object. */
  readonly targetSystems: readonly string[];
  readonly found: AdoptionFinding;
  /** Ids of the changes of which nobody knew any more whether the system holds them. */
  readonly inDoubt: readonly string[];
}

/** Who wants a change to be redone, and what the person was shown. */
export interface RedoOptions extends Person {
  /**
   * Ids of the changes that the person was shown to be undone, in any order; where others would be undone by now, it is
   * refused. Default: what would be undone when `redo` is called.
   */
  readonly expected?: readonly string[];
}

/** What a redo did. */
export interface RedoReport {
  /** In the order in which they were undone. */
  readonly undone: readonly UndoneChange[];
  /** In the order in which they were applied again, with whatever was pending between them. */
  readonly applied: readonly AppliedChange[];
  readonly durationMs: number;
}

/** Who says that the target systems were made anew, and why. */
export type ResetOptions = Person;

/** What a reset did. */
export interface ResetReport {
  /**
   * The sequence of the entry that begins the new epoch; `undefined`: the ledger holds nothing that a start would not begin
   * anew by itself, so nothing was written.
   */
  readonly sequence: number | undefined;
  /** Ids of the changes that were applied in the epoch that has ended. */
  readonly applied: readonly string[];
}

/** How applied changes are looked at. */
export interface VerifyOptions {
  /** In all, in milliseconds; what was not reached by then is reported as such. Default 600 000. */
  readonly deadlineMs?: number;
  /** For one change, in milliseconds. Default 30 000. */
  readonly changeDeadlineMs?: number;
  /** Ids of the changes to look at. Default: all applied ones. */
  readonly changes?: readonly string[];
}

/**
 * What a look at one change has shown. `NOT_APPLIED` is drift: somebody changed the system behind the application's
 * back. `NO_VERIFY`: the change has no `verify`. `FAILED`: its `verify` threw, answered something else, or took too long.
 * `NOT_REACHED`: the deadline came first. `CHANGED`: the ledger says something else of it by now.
 */
export type VerifyResult = Verdict | 'NO_VERIFY' | 'FAILED' | 'NOT_REACHED' | 'CHANGED';

/** One applied change that was looked at. */
export interface VerifiedChange {
  readonly id: string;
  readonly displayName: string;
  readonly targetSystem: string;
  readonly result: VerifyResult;
  /** What its `verify` says of why, where it does: `partitions: want 12, has 6`. */
  readonly differences?: readonly string[];
  readonly error?: RecordedError;
  readonly durationMs: number;
}

/** What looking at the applied changes has shown. */
export interface VerifyReport {
  /** No change has drifted, and every one that has a `verify` was told for certain. */
  readonly ok: boolean;
  /** In order. */
  readonly changes: readonly VerifiedChange[];
  /** Ids of the changes that have drifted, by target system. */
  readonly drift: Readonly<Record<string, readonly string[]>>;
  readonly durationMs: number;
}
