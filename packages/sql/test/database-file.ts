import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** A new database file with any number of connections. */
export interface DatabaseFile<Connection = Database.Database, Options = Database.Options> {
  readonly path: string;
  /** Another connection to it. */
  open(options?: Options): Connection;
  /** Closes all connections and removes the file. */
  close(): Promise<void>;
}

/** How SQLite keeps its transactions apart. */
export type JournalMode = 'delete' | 'wal';

/** A file whose connections are those of better-sqlite3. */
export function databaseFile(journal: JournalMode = 'delete'): DatabaseFile {
  return databaseFileOf((path, options) => new Database(path, options), journal);
}

/** A file whose connections are opened with some library. */
export function databaseFileOf<Connection extends { exec(sql: string): unknown; close(): unknown }, Options>(
  openAt: (path: string, options?: Options) => Connection,
  journal: JournalMode,
): DatabaseFile<Connection, Options> {
  const folder = mkdtempSync(join(tmpdir(), 'flamingock-'));
  const path = join(folder, 'test.db');
  const connections: Connection[] = [];
  const open = (options?: Options): Connection => {
    const connection = openAt(path, options);
    connections.push(connection);
    return connection;
  };
  open().exec(`PRAGMA journal_mode = ${journal}`);
  return {
    path,
    open,
    async close() {
      for (const connection of connections) connection.close();
      rmSync(folder, { recursive: true });
    },
  };
}
