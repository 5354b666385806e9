import type Database from 'better-sqlite3';
import type { SqlDriver } from '../src/driver/driver.js';
import { betterSqlite3Client } from '../src/sqlite/better-sqlite3.js';
import { sqliteDialect } from '../src/sqlite/dialect.js';
import { SqliteConnection } from '../src/sqlite/sqlite-connection.js';

/** One statement, and how the connection was set when it was sent. */
export interface SentStatement {
  readonly sql: string;
  readonly synchronous: number;
  readonly busyTimeoutMs: number;
}

/** A driver that notes what it is told to send. */
export function observedDriver(database: Database.Database, sent: SentStatement[]): SqlDriver {
  const setting = (name: string): number => database.pragma(name, { simple: true }) as number;
  const onStatement = (sql: string): void => {
    sent.push({ sql, synchronous: setting('synchronous'), busyTimeoutMs: setting('busy_timeout') });
  };
  return {
    handle: database,
    dialect: sqliteDialect,
    lendsOne: false,
    connect: async () => new SqliteConnection(betterSqlite3Client(database), onStatement),
  };
}
