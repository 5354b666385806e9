import type { SqlDriver } from '../driver/driver.js';
import { sqliteDialect } from './dialect.js';
import type { SqliteClient } from './sqlite-client.js';
import { SqliteConnection } from './sqlite-connection.js';

/** A synchronous SQLite client as a driver, for the object that the user passed. */
export function sqliteDriver(handle: object, client: SqliteClient): SqlDriver {
  return {
    handle,
    dialect: sqliteDialect,
    lendsOne: false,
    connect: () => Promise.resolve(new SqliteConnection(client)),
  };
}
