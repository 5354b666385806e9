import type { Row } from '../driver/connection.js';

/** What a synchronous SQLite library must be able to do; each has one small file that makes it so. */
export interface SqliteClient {
  readonly inTransaction: boolean;
  /**
   * Whether the open transaction is one that the engine began for a change, so that it will end. Kept on the
   * database object itself, which several stores, targets and copies of this package may share.
   */
  ofEngine: boolean;
  /** Runs one statement to its end. `affected` counts changed rows, or returned ones where there are some. */
  run(sql: string, parameters: readonly unknown[]): SqliteResult;
}

export interface SqliteResult {
  readonly rows: readonly Row[];
  readonly affected: number;
}

/** Told of each statement before it is sent. */
export type StatementListener = (sql: string, parameters: readonly unknown[]) => void;
