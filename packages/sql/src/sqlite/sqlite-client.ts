import type { Row } from '../driver/connection.js';

/** What a synchronous SQLite library must be able to do; each has one small file that makes it so. */
export interface SqliteClient {
  /** The object that the user passed. */
  readonly database: object;
  readonly inTransaction: boolean;
  /** Runs one statement to its end. `affected` counts changed rows, or returned ones where there are some. */
  run(sql: string, parameters: readonly unknown[]): SqliteResult;
}

export interface SqliteResult {
  readonly rows: readonly Row[];
  readonly affected: number;
}

/** Told of each statement before it is sent. */
export type StatementListener = (sql: string, parameters: readonly unknown[]) => void;
