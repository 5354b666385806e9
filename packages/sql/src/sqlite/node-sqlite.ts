import type { Row } from '../driver/connection.js';
import type { SqliteClient } from './sqlite-client.js';

/** The part of a `DatabaseSync` of `node:sqlite` that is used. Node has all of it from 22.16 on. */
export interface NodeSqliteDatabase {
  readonly isTransaction: boolean;
  prepare(sql: string): NodeSqliteStatement;
}

/** The part of a `StatementSync` of `node:sqlite` that is used. */
export interface NodeSqliteStatement {
  /** The text of the statement, without what follows its semicolon. */
  readonly sourceSQL: string;
  columns(): readonly unknown[];
  setReturnArrays(enabled: boolean): void;
  all(...parameters: unknown[]): unknown[];
  run(...parameters: unknown[]): { readonly changes: number | bigint };
}

/** Tells a `DatabaseSync` by its shape, also one that is closed. */
export function isNodeSqlite(value: unknown): value is NodeSqliteDatabase {
  if (typeof value !== 'object' || value === null || !('prepare' in value)) return false;
  // Asked for its value, a closed one throws.
  return typeof value.prepare === 'function' && 'isTransaction' in value;
}

/** What may stand after the one statement of a text. */
const NOTHING = /^(?:[\s;]|--[^\n]*|\/\*[^]*?\*\/)*$/;

/** `node:sqlite` as a SQLite client. */
export function nodeSqliteClient(database: NodeSqliteDatabase): SqliteClient {
  return {
    database,
    get inTransaction() {
      return database.isTransaction;
    },
    run(sql, parameters) {
      const statement = database.prepare(sql);
      // Node runs the first one alone, without a word.
      if (!NOTHING.test(sql.slice(statement.sourceSQL.length)))
        throw new RangeError('Send one statement at a time: this text has more than one.');
      if (statement.columns().length === 0)
        return { rows: [], affected: Number(statement.run(...parameters).changes) };
      // The application may have asked for arrays.
      statement.setReturnArrays(false);
      const rows = statement.all(...parameters) as Row[];
      return { rows, affected: rows.length };
    },
  };
}
