import type { Progress } from './change/change-context.js';
import type { ErrorCode } from './errors.js';
import type {
  AdoptionFinding,
  EntryState,
  Proof,
  RecordedError,
  TransactionStrategy,
} from './ledger/entry.js';
import type { RunReport } from './run-report.js';
import type { VerifyResult } from './operations.js';
import type { LockRecord } from './ledger/audit-store.js';

/** The change that an event is about. */
export interface ChangeReference {
  readonly id: string;
  /** `_0001__AddPaymentMethodColumn`. */
  readonly displayName: string;
  readonly targetSystem: string;
}

/** What happens during a run, as it happens. */
export type FlamingockEvent =
  | {
      readonly type: 'run-started';
      readonly executionId: string;
      readonly applied: number;
      readonly pending: number;
    }
  | {
      readonly type: 'waiting';
      /** `undefined`: nobody has the lock, and somebody else is expected to apply what is pending. */
      readonly holder: LockRecord | undefined;
      readonly applied: number;
      readonly pending: number;
    }
  | { readonly type: 'lock-acquired'; readonly tookOverFrom: string | undefined }
  | {
      readonly type: 'change-started';
      readonly change: ChangeReference;
      readonly attempt: number;
      readonly strategy: TransactionStrategy;
    }
  | {
      readonly type: 'change-applied';
      readonly change: ChangeReference;
      readonly durationMs: number;
      readonly proof: Proof;
    }
  /** An earlier, interrupted execution was found to have been applied, or not; nothing was executed. */
  | {
      readonly type: 'change-settled';
      readonly change: ChangeReference;
      readonly state: EntryState;
      readonly proof: Proof;
    }
  | {
      readonly type: 'undo-started';
      readonly change: ChangeReference;
      readonly strategy: TransactionStrategy;
    }
  | {
      readonly type: 'change-undone';
      readonly change: ChangeReference;
      readonly durationMs: number;
      readonly proof: Proof;
    }
  /** A target system is from now on the one to use, although it was not as the ledger knew it. */
  | {
      readonly type: 'target-adopted';
      readonly targetSystem: string;
      readonly found: AdoptionFinding;
      /** Ids of the changes of which nobody knows any more whether it holds them. */
      readonly inDoubt: readonly string[];
    }
  /** The target systems were made anew, and the ledger goes on in a new epoch. */
  | {
      readonly type: 'epoch-begun';
      /** Of the entry that begins it. */
      readonly sequence: number;
      /** Ids of the changes that were applied until then. */
      readonly applied: readonly string[];
    }
  /** A look at an applied change has ended. */
  | {
      readonly type: 'change-verified';
      readonly change: ChangeReference;
      readonly result: VerifyResult;
      /** How many were looked at so far, and how many there are to look at. */
      readonly done: number;
      readonly total: number;
    }
  /** It runs in other environments only. */
  | {
      readonly type: 'change-skipped';
      readonly change: ChangeReference;
      readonly environments: readonly string[];
    }
  /** What the change reports of itself; several times a second at most. */
  | { readonly type: 'change-progress'; readonly change: ChangeReference; readonly progress: Progress }
  /** It runs for long: after 10 s, and then again and again, at least once a minute. */
  | {
      readonly type: 'change-running';
      readonly change: ChangeReference;
      readonly runningMs: number;
      /** What it has last reported. */
      readonly progress: Progress | undefined;
    }
  /** Nothing else could run in this process meanwhile. */
  | { readonly type: 'event-loop-blocked'; readonly change: ChangeReference; readonly blockedMs: number }
  /** It was told to stop, by `context.signal`. */
  | {
      readonly type: 'change-aborting';
      readonly change: ChangeReference;
      readonly code: ErrorCode;
      /** How long it is waited for. */
      readonly graceMs: number;
    }
  /** It was told to stop and has not; nobody waits for it any more. */
  | {
      readonly type: 'change-ignored-abort';
      readonly change: ChangeReference;
      readonly code: ErrorCode;
      readonly graceMs: number;
    }
  | {
      readonly type: 'change-failed';
      readonly change: ChangeReference;
      readonly durationMs: number;
      readonly state: EntryState;
      readonly proof: Proof;
      readonly error: RecordedError;
      /** How long until the next attempt of this run, in milliseconds; `undefined` where none follows. */
      readonly retryMs?: number;
    }
  | {
      readonly type: 'run-finished';
      readonly outcome: RunReport['outcome'];
      /** How many changes this instance applied. */
      readonly applied: number;
      /** How many interrupted changes it found to be applied. */
      readonly settled: number;
      /** How many declared changes are applied, by whomever. */
      readonly total: number;
      /** How many declared changes come after the one that the run was to end at. Absent: none. */
      readonly remaining?: number;
      /** Ids of applied changes that this release does not know. */
      readonly ahead: readonly string[];
      readonly durationMs: number;
    };

/** Receives events. Nobody waits for it; how it fails is reported to the logger and changes nothing. */
export type FlamingockListener = (event: FlamingockEvent) => unknown;
