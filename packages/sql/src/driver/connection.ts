import type { SqlExecutor } from '../sql-executor.js';

/** One statement with the values of its placeholders. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly (string | number | null)[];
}

/** One row as the driver gives it. */
export type Row = Readonly<Record<string, unknown>>;

/** One connection, as the engine uses it. */
export interface SqlConnection {
  /** Whether a transaction is open, by the word of the database and not by what was sent through here. */
  readonly inTransaction: boolean;

  /** The statements of a change, inside whatever transaction is open. */
  readonly executor: SqlExecutor;

  /** Sends one statement, inside whatever transaction is open. */
  send(statement: Statement): Promise<readonly Row[]>;

  /**
   * Sends statements in a transaction of their own and returns the rows of the last; durable when it resolves.
   * Waits only shortly for locks, so that the event loop and the lease are never held up.
   *
   * Throws `FLG_STORE_SHARED_CONNECTION` where a transaction of the application stays open on this very connection,
   * and `FLG_STORE_BUSY` where it is one of another change.
   */
  sendAlone(statements: readonly Statement[]): Promise<readonly Row[]>;

  /**
   * Opens the transaction of a change: with the write lock where there is one, and durable at its commit. Waits and
   * throws as {@link sendAlone}.
   *
   * @param idleTimeoutMs the server ends the transaction after this long without a statement, where it can
   */
  begin(idleTimeoutMs: number): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;

  /** Gives the connection back as it was found. Never throws. */
  release(): Promise<void>;
}
