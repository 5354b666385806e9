import type { ChangeMethodName } from '../change/change.js';
import type { Token } from '../change/token.js';
import type { LedgerKey, Proof } from '../ledger/entry.js';

/** The call of a change that a client is for. */
export interface ClientUse {
  /** Whose ledger the change belongs to. */
  readonly key: LedgerKey;
  readonly changeId: string;
  readonly method: ChangeMethodName;
  /**
   * What the call is part of: applying the change, or undoing it. A `verify` that finds a part of the change there answers an
   * execution `NOT_APPLIED`, because what is repeated completes it; of an undo that is neither done nor not done.
   */
  readonly of: 'execution' | 'undo';
  /**
   * The sequence at which the ledger last says that the system holds nothing of the change, or may hold less than it did
   * (an undo, a rollback, a person's word); 0: nowhere. What names an effect at the system, such as an
   * idempotency key, must stay the same until then, and must be another one after it.
   */
  readonly absentSince: number;
  /** Fires when the change must stop. */
  readonly signal: AbortSignal;
}

/** A named external system that changes act on. */
export interface Target {
  /** For people: `http`, `sqlite`. */
  readonly kind: string;
  /** Which system exactly, free of secrets; recorded, so that a ledger is never used against another one unnoticed. */
  readonly identity?: string;
  /** What must not appear in any message. */
  readonly secrets?: readonly string[];

  /** Tells whether the target itself supplies the client, to a change that runs outside a transaction. */
  supplies(token: Token): boolean;

  /**
   * The client; only asked for what `supplies` accepts.
   *
   * @param use the call that it is for; absent where it is for none
   */
  client(token: Token, use?: ClientUse): unknown;

  /** Classes and tokens of the application's own clients that act on this system and that its evidence covers. */
  readonly clients: readonly Token[];

  /** Present where the system can run a change in a transaction. */
  readonly transactions?: TargetTransactions;

  /**
   * Tells whether an error that a change threw, or what caused it, is one of the moment (busy, overloaded, not reached), so
   * that the same change may succeed a little later. Asked only where the change allows several attempts in a run.
   */
  isTransient?(error: unknown): boolean;

  /** Present where the system's answers can be observed; without it a failure outside a transaction has no proof. */
  readonly evidence?: TargetEvidence;
}

/** What a target saw of an attempt that failed. */
export interface Evidence {
  /** `not-sent` and `rejected` prove that the attempt had no effect; `none` proves nothing. */
  readonly proof: Extract<Proof, 'not-sent' | 'rejected' | 'none'>;
  /**
   * `false`: a request that was sent has no answer, so the system may still be executing it, and a rollback now
   * could be overtaken by it.
   */
  readonly settled: boolean;
}

/** Watches what an attempt does to the system: applying a change, or rolling it back. */
export interface TargetEvidence {
  /**
   * Runs the attempt and watches it. Rethrows nothing: the attempt's failure and what it proves come back as a value.
   *
   * @param use that of every client which the attempt is given
   */
  observe(attempt: () => Promise<void>, use?: ClientUse): Promise<ObservedAttempt>;
}

export type ObservedAttempt =
  | { readonly outcome: 'returned' }
  | { readonly outcome: 'threw'; readonly error: unknown; readonly evidence: Evidence };

/** Whose fence row it is. */
export type FenceKey = LedgerKey;

/** What a claim of the fence answers. */
export type ClaimAnswer =
  | {
      readonly status: 'claimed';
      /** The `STARTED` sequence of the last change that was committed here as a whole; 0 for none. */
      readonly applied: number;
      /**
       * The `STARTED` sequence of the last change of which anything was committed here; 0 for none. Ahead of `applied`
       * it tells of a change that ended its transaction by itself, so that only a part of it may be there.
       */
      readonly begun: number;
    }
  | {
      readonly status: 'foreign';
      /** The environment under which the service has claimed it. */ readonly environment: string;
    }
  | { readonly status: 'superseded'; /** A later run's token. */ readonly claimed: number }
  | {
      readonly status: 'behind';
      /** As of `claimed`; below what was expected, or 0 where there is no row. */ readonly applied: number;
    };

/** What a claim answers that expects nothing. */
export type FenceAnswer = Exclude<ClaimAnswer, { readonly status: 'behind' }>;

/** The fence row as it stands. */
export interface FenceRow {
  /** Under which the service has claimed the target last. */
  readonly environment: string;
  readonly claimed: number;
  readonly begun: number;
  readonly applied: number;
}

/** What a claim may be held to. */
export interface ClaimOptions {
  /**
   * A transaction of an older run that has kept the claim waiting for this long may be ended by force, in milliseconds.
   * Default 30 000.
   */
  readonly patienceMs?: number;
  /**
   * The least `applied` that the row must show; below it nothing is claimed and nothing is created, so that a restored
   * target stays as it was restored. Default 0: none.
   */
  readonly expected?: number;
}

/** The clients that are bound to one open transaction. */
export interface BoundClients {
  client(token: Token): unknown;
}

/** One transaction that the engine wants. */
export interface TransactionRequest {
  /** Whose ledger the change belongs to. */
  readonly key: FenceKey;
  /**
   * Set for `TX_SEPARATE`: `UPDATE … SET begun = sequence WHERE claimed` opens the transaction and must match one row;
   * `UPDATE … SET applied = sequence` follows the release of the savepoint, so that a change which has ended the
   * transaction by itself is never taken for a whole one.
   */
  readonly fence?: { readonly claimed: number; readonly sequence: number };
  /**
   * Set for `TX_SHARED`, which writes no fence row: where a stopped process can keep a transaction open, only one such
   * transaction of a ledger may be, and one that has kept the run of this token waiting for `idleTimeoutMs` is ended by
   * force.
   */
  readonly shared?: { readonly token: number };
  /** The server ends the transaction of a stopped process after this long without a statement, in milliseconds. */
  readonly idleTimeoutMs: number;
  /** How long a statement of the change may wait for a lock, in milliseconds. Only with the capability `timeouts`. */
  readonly lockTimeoutMs?: number;
  /** How long a statement of the change may take, in milliseconds. Only with the capability `timeouts`. */
  readonly statementTimeoutMs?: number;
  /** The change. */
  work(clients: BoundClients): Promise<void>;
  /** Set for `TX_SHARED`: the last statements before the commit, after the savepoint was released. */
  beforeCommit?(connection: unknown): Promise<void>;
}

export type TransactionOutcome =
  | { readonly status: 'committed' }
  /** Nothing of it remains. `FLG_TRANSACTION_ABORTED` is the error of a change that swallowed a failed statement. */
  | { readonly status: 'rolled-back'; readonly error: unknown }
  /** The change ended the transaction by itself, so that something may have been committed. */
  | { readonly status: 'broken'; readonly error: unknown }
  /** The fence row did not match: a later run has claimed the target. Nothing remains. */
  | { readonly status: 'fenced' }
  /** The reply to the commit was lost. */
  | { readonly status: 'unknown'; readonly error: unknown };

/** The transactional side of a target. */
export interface TargetTransactions {
  /** The driver object that the user passed. */
  readonly driver: object;
  /** Whether a transaction can honour `lockTimeoutMs` and `statementTimeoutMs`. Default `false`. */
  readonly timeouts?: boolean;

  /**
   * Statements may commit by themselves, so that a transaction is not all or none: changes run in one only where they say
   * `transactional: true`. Default `false`.
   */
  readonly implicitCommits?: boolean;

  /** Tells whether the token has a form that is bound to the transaction. */
  binds(token: Token): boolean;

  /**
   * Claims the fence for a run, alone and committed, creating its table where it is missing: inserts the row, or
   * sets `claimed` where the environment is the same and `claimed` is not above it. Waits for an older holder's
   * open transaction. Throws `FLG_STORE_BUSY` where it should be repeated.
   */
  claim(key: FenceKey, token: number, options?: ClaimOptions): Promise<ClaimAnswer>;

  /**
   * Reads the fence row, and creates and claims nothing; `undefined` where there is none. Absent: it cannot be shown.
   */
  fence?(key: FenceKey): Promise<FenceRow | undefined>;

  /**
   * Rewrites the fence row by a person's word: in one conditional statement it gets the environment of the key, `claimed`,
   * and the sequence as `begun` and `applied`, where it still is as a claim was answered (`claimed`: by this very token;
   * `superseded`: by that one; `foreign`: that environment). `false`: it is not. Waits for an open transaction. Throws
   * `FLG_STORE_BUSY` where it should be repeated.
   *
   * Absent: a target that is behind, ahead or another's cannot be adopted.
   */
  adopt?(
    key: FenceKey,
    fence: { readonly claimed: number; readonly sequence: number },
    shown: FenceAnswer,
  ): Promise<boolean>;

  /**
   * Runs one transaction: begin, fence (`begun`), savepoint, `work`, release of the savepoint, fence (`applied`),
   * `beforeCommit`, commit. Never throws for what happened inside; a transaction that could not begin throws.
   */
  run(request: TransactionRequest): Promise<TransactionOutcome>;
}
