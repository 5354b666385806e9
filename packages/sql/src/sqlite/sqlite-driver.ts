import type { ForeignTransaction, SqlDriver } from '../driver/driver.js';
import { sqliteDialect } from './dialect.js';
import type { SqliteClient } from './sqlite-client.js';
import { SqliteConnection } from './sqlite-connection.js';

/** A synchronous SQLite client as a driver, for the object that the user passed. */
export function sqliteDriver(handle: object, client: SqliteClient): SqlDriver {
  return {
    handle,
    dialect: sqliteDialect,
    lendsOne: false,
    foreignTransaction: foreignTransaction(client),
    connect: () => Promise.resolve(new SqliteConnection(client)),
  };
}

/** What the application, or a change outside of the engine's transactions, has begun. */
export function foreignTransaction(client: SqliteClient): ForeignTransaction {
  return {
    isOpen: () => client.inTransaction && !client.ofEngine,
    rollBack: async () => {
      client.run('ROLLBACK', []);
      return Promise.resolve();
    },
  };
}
