import Database from 'better-sqlite3';
import type { SqlDatabase } from '../src/sql-database.js';

/** A connection as the harnesses use it, whichever library it is of. */
export interface SqliteConnection {
  exec(sql: string): unknown;
  prepare(sql: string): {
    all(...parameters: unknown[]): unknown[];
    get(...parameters: unknown[]): unknown;
    run(...parameters: unknown[]): unknown;
  };
  close(): unknown;
}

export interface SqliteOptions {
  readonly readonly?: boolean;
  /** Of a statement for a lock, in milliseconds. */
  readonly timeout?: number;
}

/** Opens a connection to a file. */
export type SqliteLibrary = (path: string, options?: SqliteOptions) => SqliteConnection & SqlDatabase;

export const betterSqlite3: SqliteLibrary = (path, options) => new Database(path, options);
