import Database from 'better-sqlite3';
import { Pool } from 'pg';

/** A database by its address: a PostgreSQL server, or the file of SQLite. */
export function openDatabase(address: string): {
  readonly database: Pool | Database.Database;
  readonly end: () => unknown;
} {
  if (address.startsWith('postgres')) {
    const pool = new Pool({ connectionString: address });
    return { database: pool, end: () => pool.end() };
  }
  const database = new Database(address);
  return { database, end: () => database.close() };
}
