import type { Progress } from './change/change-context.js';
import type { FlamingockListener } from './events.js';
import type { LockRecord } from './ledger/audit-store.js';
import type { ChainVerdict, LedgerHead } from './ledger/chain.js';
import type { LedgerEntry, Proof, RecordedError } from './ledger/entry.js';
import type { ErrorCode } from './errors.js';
import type { Plan } from './plan/plan.js';

/** One change that a run has applied. */
export interface AppliedChange {
  readonly id: string;
  readonly displayName: string;
  readonly targetSystem: string;
  readonly proof: Proof;
  readonly durationMs: number;
}

/** What a run that succeeded did. */
export interface RunReport {
  /**
   * `up-to-date`: nothing was pending. `applied`: this instance applied it. `waited`: another instance did. `off`: nothing
   * was looked at.
   */
  readonly outcome: 'up-to-date' | 'applied' | 'waited' | 'off';
  readonly executionId: string | undefined;
  /** What this instance applied, in order. */
  readonly applied: readonly AppliedChange[];
  /** Ids of interrupted changes that this instance found to be applied, without executing them again. */
  readonly settled: readonly string[];
  /** How many declared changes are applied, by whomever. */
  readonly total: number;
  /** Ids of applied changes that this release does not know: it is older than the ledger. */
  readonly ahead: readonly string[];
  readonly durationMs: number;
}

/** How one run differs from a start of the application. */
export interface RunOptions {
  /**
   * `cli`: a person's run. It applies whatever the mode of the application is, also changes that are reserved for the
   * command line and those that were undone. Default `start`.
   */
  readonly by?: 'start' | 'cli';
}

/** How a shutdown treats the change that runs. */
export interface CloseOptions {
  /** How long it may go on before it is told to stop, in milliseconds. Default: the option `shutdownGraceMs`. */
  readonly graceMs?: number;
}

/** What a probe may be told, read from memory and free of secrets. */
export interface Readiness {
  readonly ready: boolean;
  readonly state: 'idle' | 'waiting' | 'running' | 'ready' | 'degraded' | 'failed' | 'closed';
  readonly applied: number;
  readonly pending: number;
  /** The change that runs now. */
  readonly current?: {
    readonly change: string;
    readonly targetSystem: string;
    readonly since: string;
    /** What it has last reported by itself. */
    readonly progress?: Progress;
  };
  /** Whom this instance waits for. */
  readonly holder?: { readonly host: string; readonly processId: number; readonly since: string };
  readonly error?: { readonly code: ErrorCode };
}

/** A change whose outcome has no proof, with what a person needs to decide. */
export interface Issue {
  readonly changeId: string;
  readonly displayName: string;
  readonly targetSystem: string;
  readonly since: number;
  readonly attempt: number;
  readonly error: RecordedError | undefined;
}

/** A person's word on an issue. */
export interface Resolution {
  /** `APPLIED`: the target system holds the change; it never runs again. `ROLLED_BACK`: it holds nothing of it; it is pending again. */
  readonly as: 'APPLIED' | 'ROLLED_BACK';
  readonly actor: string;
  readonly reason: string;
}

/** What a look at the ledger may be held against. */
export interface HistoryOptions {
  /** A head that an earlier `history()` gave and that was kept elsewhere: only it shows that the chain was rewritten. */
  readonly anchor?: LedgerHead;
}

/** The ledger as a person reads it. */
export interface History {
  /** Oldest first. One whose text was destroyed is left out; `chain` names it. */
  readonly entries: readonly LedgerEntry[];
  /** The end of the ledger, to be kept elsewhere as an anchor; `undefined` for an empty one. */
  readonly head: LedgerHead | undefined;
  /** Whether the ledger is whole, and if not, where it breaks and how. */
  readonly chain: ChainVerdict;
}

/** Where this service and environment stand. */
export interface Status {
  readonly plan: Plan;
  readonly lock: LockRecord | undefined;
  /** The store's clock, in milliseconds since the epoch. */
  readonly now: number;
}

/** One engine for one service, environment and tenant. Made by `createFlamingock`. */
export interface Flamingock {
  /**
   * Applies what is pending, or waits for the instance that does. Resolves when the sequence is complete; rejects
   * with one coded error otherwise. Called again it returns the same promise while it runs.
   */
  run(options?: RunOptions): Promise<RunReport>;
  /** What a run would do and why; sends one read and changes nothing. */
  plan(): Promise<Plan>;
  status(): Promise<Status>;
  /** Everything that was recorded, oldest first, and whether somebody has tampered with it. */
  history(options?: HistoryOptions): Promise<History>;
  /** Changes whose outcome a person has to tell. */
  issues(): Promise<readonly Issue[]>;
  /**
   * Records a person's word on an issue, under the lock and after reading again. Throws `FLG_RESOLUTION_REFUSED`
   * when there is no such open issue any more.
   */
  resolve(changeId: string, resolution: Resolution): Promise<void>;
  /** For probes: memory only, never the store. */
  readiness(): Readiness;
  /** Receives every event from now on; returns the way to stop. */
  subscribe(listener: FlamingockListener): () => void;
  /**
   * Shuts down: no new change begins, the current one may finish within the grace period and is told to stop then, what
   * is known of it is recorded, and the lock is given back where nothing is open. Resolves when that is done; inside a
   * change, whose end it would wait for, at once. The application's clients stay open.
   *
   * Throws `FLG_OPTION_INVALID`.
   */
  close(options?: CloseOptions): Promise<void>;
}
