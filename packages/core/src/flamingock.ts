import type { Progress } from './change/change-context.js';
import type { FlamingockListener } from './events.js';
import type { LockRecord } from './ledger/audit-store.js';
import type { ChainVerdict, LedgerHead } from './ledger/chain.js';
import type { LedgerEntry } from './ledger/entry.js';
import type { ErrorCode } from './errors.js';
import type {
  AdoptionOptions,
  AdoptionReport,
  Issue,
  IssueOptions,
  RedoOptions,
  RedoReport,
  ResetOptions,
  ResetReport,
  Resolution,
  UndoOptions,
  UndoReport,
  VerifyOptions,
  VerifyReport,
} from './operations.js';
import type { Plan } from './plan/plan.js';
import type { RunReport } from './run-report.js';

/** How one run differs from a start of the application. */
export interface RunOptions {
  /**
   * `cli`: a person's run. It applies whatever the mode of the application is, also changes that are reserved for the
   * command line and those that were undone. Default `start`.
   */
  readonly by?: 'start' | 'cli';
  /** The id of the last change to apply: it, and every pending one before it. Default: all. */
  readonly until?: string;
  /** How long to wait for the lock at most, in milliseconds; 0 tries once. Default: the option `lock.waitMs`. */
  readonly waitMs?: number;
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
  /** Changes whose outcome a person has to tell, in order. Sends one read and changes nothing. */
  issues(): Promise<readonly Issue[]>;
  /** As {@link issues}, of one change; `undefined` where it has none. With `verify`, its `verify` is asked now. */
  issue(changeId: string, options?: IssueOptions): Promise<Issue | undefined>;
  /**
   * Records a person's word on an issue, under the lock and after reading again. Throws `FLG_RESOLUTION_REFUSED`
   * when there is no such open issue any more, or another one than the person was shown, and `FLG_OPTION_INVALID`.
   *
   * @example
   * const [issue] = await flamingock.issues();
   * await flamingock.resolve(issue.changeId, {
   *   as: 'APPLIED',
   *   actor: 'jane',
   *   reason: 'version 2 is registered, with the id of this attempt',
   *   expected: issue.sequence,
   * });
   */
  resolve(changeId: string, resolution: Resolution): Promise<void>;
  /**
   * Rolls applied changes back, last first: the last one, or all down to a given one. What was undone is held: a start
   * fails with `FLG_CHANGE_HELD` until the change is taken out of the code or applied by `run({ by: 'cli' })`.
   *
   * Throws `FLG_UNDO_REFUSED` and `FLG_OPTION_INVALID` before anything is executed, `FLG_UNDO_FAILED` where a rollback
   * failed without an effect, `FLG_ISSUE_OPEN` where nobody knows what became of it, and what taking the lock throws.
   *
   * @example
   * await flamingock.undo({ last: true, actor: 'jane', reason: 'release 12 is taken back' });
   */
  undo(options: UndoOptions): Promise<UndoReport>;
  /**
   * Undoes a change and those above it, and applies them again as they are declared now: for a change that was edited
   * before anybody else has seen it. Only where the environment is configured as `disposable`.
   *
   * Throws `FLG_NOT_DISPOSABLE`, and what {@link undo} and {@link run} throw. What was undone until then is held; the same
   * call goes on from there.
   *
   * @example
   * await flamingock.redo('add-totals', { actor: 'jane', reason: 'the column is wider now' });
   */
  redo(changeId: string, options: RedoOptions): Promise<RedoReport>;
  /**
   * Records that a target system is the one to use from now on, although it is behind its ledger, ahead of it, another
   * environment's, or another system. Changes of which nobody knows any more whether it holds them become issues.
   *
   * Throws `FLG_ADOPTION_REFUSED` where there is nothing to adopt, or somebody else is using it right now,
   * `FLG_OPTION_INVALID`, `FLG_TARGET_UNREACHABLE`, and what taking the lock throws.
   *
   * @example
   * await flamingock.adopt('orders-db', { actor: 'jane', reason: 'restored from the backup of Monday' });
   */
  adopt(targetSystem: string, options: AdoptionOptions): Promise<AdoptionReport>;
  /**
   * Begins a new epoch of the ledger, after all target systems were dropped and made anew: nothing is deleted, but what was
   * recorded until then is history only, and the next run applies the sequence from its beginning. Only where the
   * environment is configured as `disposable`. A ledger that was dropped too needs none: a start begins anew.
   *
   * Throws `FLG_NOT_DISPOSABLE`, `FLG_RESET_REFUSED` where the fence of a target shows that it was not made anew,
   * `FLG_OPTION_INVALID`, `FLG_TARGET_UNREACHABLE`, and what taking the lock throws.
   *
   * @example
   * await flamingock.reset({ actor: 'jane', reason: 'the databases were dropped' });
   */
  reset(options: ResetOptions): Promise<ResetReport>;
  /**
   * Asks the `verify` of every applied change that has one, and so finds what somebody has changed behind the
   * application's back. Without the lock; each look has a deadline; nothing is written. Progress is told by the event
   * `change-verified`.
   *
   * Throws `FLG_OPTION_INVALID`, `FLG_TARGET_IDENTITY`, and what is wrong with dependencies, before anything is asked.
   */
  verify(options?: VerifyOptions): Promise<VerifyReport>;
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
