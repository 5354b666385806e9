import type { FlamingockEvent } from '../events.js';
import type { AuditStore } from '../ledger/audit-store.js';
import type { LedgerKey, Writer } from '../ledger/entry.js';
import type { Logger } from '../logger.js';
import type { Target } from '../target/target.js';
import type { Time } from '../time.js';
import type { InsideChange } from './inside-change.js';
import type { StoreAccess } from './store-access.js';
import type { Redactor } from '../report/redactor.js';

/** What every step of a run may use. Made once for each engine. */
export interface EngineContext {
  readonly key: LedgerKey;
  readonly store: AuditStore;
  /** The store within its time limit, with coded errors. */
  readonly access: StoreAccess;
  readonly targets: Readonly<Record<string, Target>>;
  /** Everything of a writer but the execution. */
  readonly instance: Omit<Writer, 'executionId'>;
  readonly listedEnvironments: readonly string[];
  /** The ledger and the targets of this environment may be thrown away. */
  readonly disposable: boolean;
  /** A pending change may stand below one that is applied. */
  readonly outOfOrder: boolean;
  readonly lease: { readonly leaseMs: number; readonly renewMs: number; readonly waitMs: number };
  readonly limits: {
    /** How long a run may take under the lock, in milliseconds. */
    readonly runDeadlineMs: number | undefined;
    /** How long a change that was told to stop is waited for, in milliseconds. */
    readonly abortGraceMs: number;
  };
  readonly time: Time;
  readonly logger: Logger;
  readonly redactor: Redactor;
  emit(event: FlamingockEvent): void;
  /** Fires when the engine is being closed: no new change starts. */
  readonly closing: AbortSignal;
  /** Fires when the grace period of a close is over: what still runs is told to stop. */
  readonly aborting: AbortSignal;
  readonly inside: InsideChange;
}
