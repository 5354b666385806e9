import type { NodeSqliteDatabase } from '../src/sqlite/node-sqlite.js';
import type { SqliteConnection, SqliteLibrary } from './sqlite-library.js';

/** The class of `node:sqlite`, of which the oldest Node that this repository works on knows nothing. */
export type DatabaseSync = NodeSqliteDatabase & SqliteConnection;

interface NodeSqlite {
  readonly DatabaseSync: new (
    path: string,
    options?: {
      readonly readOnly?: boolean;
      readonly timeout?: number;
      readonly readBigInts?: boolean;
      readonly returnArrays?: boolean;
    },
  ) => DatabaseSync;
}

/** The module, of the Node that runs this. */
export function nodeSqliteModule(): NodeSqlite {
  return process.getBuiltinModule('node:sqlite') as unknown as NodeSqlite;
}

export const nodeSqlite: SqliteLibrary = (path, { readonly: readOnly = false, timeout = 5_000 } = {}) =>
  new (nodeSqliteModule().DatabaseSync)(path, { readOnly, timeout });
