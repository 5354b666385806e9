import type { Row } from '../driver/connection.js';
import type { SqliteClient } from './sqlite-client.js';

/** The part of a better-sqlite3 `Database` that is used. */
export interface BetterSqlite3Database {
  readonly inTransaction: boolean;
  prepare(sql: string): BetterSqlite3Statement;
  pragma(source: string): unknown;
}

/** The part of a better-sqlite3 `Statement` that is used. */
export interface BetterSqlite3Statement {
  /** Whether it returns rows. */
  readonly reader: boolean;
  all(...parameters: unknown[]): unknown[];
  run(...parameters: unknown[]): { readonly changes: number };
}

/** Tells a better-sqlite3 `Database` by its shape. */
export function isBetterSqlite3(value: unknown): value is BetterSqlite3Database {
  // Not `instanceof`: in Jest a database may come from another realm.
  if (typeof value !== 'object' || value === null) return false;
  const { inTransaction, prepare, pragma } = value as Partial<Record<keyof BetterSqlite3Database, unknown>>;
  return typeof inTransaction === 'boolean' && typeof prepare === 'function' && typeof pragma === 'function';
}

/** better-sqlite3 as a SQLite client. */
export function betterSqlite3Client(database: BetterSqlite3Database): SqliteClient {
  return {
    database,
    get inTransaction() {
      return database.inTransaction;
    },
    run(sql, parameters) {
      const statement = database.prepare(sql);
      if (!statement.reader) return { rows: [], affected: statement.run(...parameters).changes };
      const rows = statement.all(...parameters) as Row[];
      return { rows, affected: rows.length };
    },
  };
}
