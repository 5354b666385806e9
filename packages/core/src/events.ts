import type { EntryState, Proof, RecordedError, TransactionStrategy } from './ledger/entry.js';
import type { RunReport } from './flamingock.js';
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
  /** It runs in other environments only. */
  | {
      readonly type: 'change-skipped';
      readonly change: ChangeReference;
      readonly environments: readonly string[];
    }
  | {
      readonly type: 'change-failed';
      readonly change: ChangeReference;
      readonly durationMs: number;
      readonly state: EntryState;
      readonly proof: Proof;
      readonly error: RecordedError;
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
      /** Ids of applied changes that this release does not know. */
      readonly ahead: readonly string[];
      readonly durationMs: number;
    };

/** Receives events. Nobody waits for it; how it fails is reported to the logger and changes nothing. */
export type FlamingockListener = (event: FlamingockEvent) => unknown;
