import type { TransactionRequest } from '@flamingock/core/spi';
import type { SqlExecutor } from '../sql-executor.js';

/** One statement with the values of its placeholders. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly (string | number | null)[];
  /**
   * Asked directly after it, and instead of it, for the rows: where a database does not return what it has written.
   */
  readonly answer?: Statement;
}

/** One row as the driver gives it. */
export type Row = Readonly<Record<string, unknown>>;

/** What holds for one transaction, where the database can do it. */
export type TransactionSettings = Pick<
  TransactionRequest,
  'idleTimeoutMs' | 'lockTimeoutMs' | 'statementTimeoutMs'
>;

/** Where a transaction stands, by the word of the database. */
export interface TransactionState {
  /** Whether a transaction is open; of a connection that is lost, whether one was when it last answered. */
  readonly inTransaction: boolean;

  /** A statement failed, and until the transaction goes back to a savepoint it takes no other one. */
  readonly aborted: boolean;

  /** Why the connection has broken: nothing can be sent any more, and what was under way gets no answer. */
  readonly lost: Error | undefined;

  /**
   * Resolves when the database has said how it stands after a statement that failed, or the connection is lost. One that
   * does not say it for five seconds is cut: the client has given up a statement that is still under way.
   */
  settled(): Promise<void>;

  /** Looks at what a statement of the change has answered; only where the answers tell how the database stands. */
  answered?(result: unknown): Promise<void>;
}

/** One connection, as the engine uses it. */
export interface SqlConnection extends TransactionState {
  /** The statements of a change, inside whatever transaction is open. */
  readonly executor: SqlExecutor;

  /** Sends one statement, inside whatever transaction is open. */
  send(statement: Statement): Promise<readonly Row[]>;

  /** Sends one statement whose rows nobody needs, together with the next one where that saves a round trip. */
  sendWithNext(statement: Statement): Promise<void>;

  /**
   * Sends statements in a transaction of their own and returns the rows of the last; durable when it resolves.
   * Waits only shortly for locks, so that the event loop and the lease are never held up.
   *
   * Throws `FLG_STORE_SHARED_CONNECTION` where a transaction of the application stays open on this very connection,
   * and `FLG_STORE_BUSY` where it is one of another change.
   */
  sendAlone(statements: readonly Statement[]): Promise<readonly Row[]>;

  /**
   * Opens the transaction of a change: with the write lock where there is one, and durable at its commit. Sends the
   * first statements in it and returns the rows of each. Waits and throws as {@link sendAlone}; then nothing is open.
   */
  begin(
    settings: TransactionSettings,
    statements: readonly Statement[],
  ): Promise<readonly (readonly Row[])[]>;
  commit(): Promise<void>;
  /** After a commit that failed: it may have been executed all the same. */
  readonly commitInDoubt: boolean;
  rollback(): Promise<void>;
  /** After a roll-back, the change's or the server's own: what was written to tables without transactions is still there. */
  readonly keptWrites: boolean;

  /** Cuts a connection on which a statement is under way that nobody waits for any more. */
  abandon(): void;

  /** It is not lent again where there are others: its session is as somebody else has left it. */
  discard(): void;

  /** Gives the connection back as it was found. Never throws. */
  release(): Promise<void>;
}
