import type { ForeignTransaction, SqlDriver } from '../driver/driver.js';
import { betterSqlite3Client, isBetterSqlite3 } from './better-sqlite3.js';
import { sqliteDialect } from './dialect.js';
import { isOfEngine } from './engine-transaction.js';
import { isNodeSqlite, nodeSqliteClient } from './node-sqlite.js';
import type { SqliteClient } from './sqlite-client.js';
import { SqliteConnection } from './sqlite-connection.js';

/** The driver for a database object of a SQLite library; `undefined` for anything else. */
export function sqliteDriverOf(database: unknown): SqlDriver | undefined {
  if (isBetterSqlite3(database)) return sqliteDriver(betterSqlite3Client(database));
  if (isNodeSqlite(database)) return sqliteDriver(nodeSqliteClient(database));
  return undefined;
}

function sqliteDriver(client: SqliteClient): SqlDriver {
  return {
    handle: client.database,
    dialect: sqliteDialect,
    lendsOne: false,
    foreignTransaction: foreignTransaction(client),
    connect: () => Promise.resolve(new SqliteConnection(client)),
  };
}

/** What the application, or a change outside of the engine's transactions, has begun. */
export function foreignTransaction(client: SqliteClient): ForeignTransaction {
  return {
    isOpen: () => client.inTransaction && !isOfEngine(client.database),
    rollBack: async () => {
      client.run('ROLLBACK', []);
      return Promise.resolve();
    },
  };
}
