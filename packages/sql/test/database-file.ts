import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** A new database file with any number of connections. */
export interface DatabaseFile {
  readonly path: string;
  /** Another connection to it. */
  open(options?: Database.Options): Database.Database;
  /** Closes all connections and removes the file. */
  close(): Promise<void>;
}

/** How SQLite keeps its transactions apart. */
export type JournalMode = 'delete' | 'wal';

export function databaseFile(journal: JournalMode = 'delete'): DatabaseFile {
  const folder = mkdtempSync(join(tmpdir(), 'flamingock-'));
  const path = join(folder, 'test.db');
  const connections: Database.Database[] = [];
  const open = (options?: Database.Options): Database.Database => {
    const connection = new Database(path, options);
    connections.push(connection);
    return connection;
  };
  open().pragma(`journal_mode = ${journal}`);
  return {
    path,
    open,
    async close() {
      for (const connection of connections) connection.close();
      rmSync(folder, { recursive: true });
    },
  };
}
