import { FlamingockError } from '@flamingock/core/spi';
import type { SqlDriver } from './driver/driver.js';
import { type BetterSqlite3Database, betterSqlite3Client, isBetterSqlite3 } from './sqlite/better-sqlite3.js';
import { sqliteDriver } from './sqlite/sqlite-driver.js';

/** The database objects that the application may pass; they are known by their shape. */
export type SqlDatabase = BetterSqlite3Database;

/**
 * The driver for the object that the application passed. Throws `FLG_OPTION_INVALID` for one that is not known.
 *
 * @param where who was given it, for the message
 */
export function driverOf(database: SqlDatabase, where: string): SqlDriver {
  if (isBetterSqlite3(database)) return sqliteDriver(database, betterSqlite3Client(database));
  throw new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message: `${where} does not know the object that it was given.`,
    hint: 'Pass an open Database of better-sqlite3.',
  });
}
