import { FlamingockError, type Token, tokenKey } from '@flamingock/core/spi';
import type { SqlConnection } from './driver/connection.js';
import type { SqlDriver } from './driver/driver.js';
import { boundMysqlClient, boundMysqlPromises, mysqlInterfaceOf } from './mysql/bound-mysql-client.js';
import type { MysqlDatabase } from './mysql/mysql-client.js';
import type { MysqlConnection } from './mysql/mysql-connection.js';
import { mysqlDriverOf } from './mysql/mysql-driver.js';
import { boundPgClient } from './postgres/bound-pg-client.js';
import {
  isPgClient,
  isPgPool,
  isPgPoolHolder,
  type PgClient,
  type PgPool,
  type PgPoolHolder,
} from './postgres/pg-client.js';
import type { PgConnection } from './postgres/pg-connection.js';
import { pgClientDriver, pgPoolDriver } from './postgres/pg-driver.js';
import type { BetterSqlite3Database } from './sqlite/better-sqlite3.js';
import type { NodeSqliteDatabase } from './sqlite/node-sqlite.js';
import { sqliteDriverOf } from './sqlite/sqlite-driver.js';
import type { ClientBinder } from './target/transactions.js';

/** The database objects that the application may pass; they are known by their shape. */
export type SqlDatabase =
  BetterSqlite3Database | NodeSqliteDatabase | PgPool | PgClient | PgPoolHolder | MysqlDatabase;

/** What is done with a database object that the application passed. */
export interface DatabaseUse {
  /** For a store, which needs no clients. Its handle is the object itself, or the pool that it holds. */
  readonly driver: SqlDriver;
  /** What a change outside of transactions is given where it asks for the object itself. */
  readonly database: object;
  /** Whether a change outside of transactions asks for the object itself. */
  readonly isDatabase: (token: Token) => boolean;
  /** For a target: makes its transactions with the clients that this kind of database binds. */
  readonly transactions: <T>(
    make: <C extends SqlConnection>(driver: SqlDriver<C>, binder: ClientBinder<C>) => T,
  ) => T;
}

/**
 * How to use the object that the application passed. Throws `FLG_OPTION_INVALID` for one that is not known.
 *
 * @param where who was given it, for the message
 */
export function useOf(database: SqlDatabase, where: string): DatabaseUse {
  const isDatabase = (token: Token): boolean => tokenKey(token) === database.constructor;
  const sqlite = sqliteDriverOf(database);
  if (sqlite !== undefined) {
    return {
      driver: sqlite,
      database,
      isDatabase,
      transactions: (make) => make(sqlite, { binds: isDatabase, bind: () => ({ client: () => database }) }),
    };
  }
  const mysql = mysqlDriverOf(database);
  if (mysql !== undefined) {
    return { driver: mysql, database, isDatabase, transactions: (make) => make(mysql, mysqlBinder) };
  }
  if (isPgPool(database)) {
    const driver = pgPoolDriver(database);
    const { Client } = database as PgPool & { readonly Client?: unknown };
    const binder = pgBinder((token) => Client !== undefined && tokenKey(token) === Client);
    return { driver, database, isDatabase, transactions: (make) => make(driver, binder) };
  }
  if (isPgClient(database)) {
    const driver = pgClientDriver(database);
    return { driver, database, isDatabase, transactions: (make) => make(driver, pgBinder(isDatabase)) };
  }
  if (isPgPoolHolder(database)) return useOf(database.pool, where);
  throw new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message: `${where} does not know the object that it was given.`,
    hint: 'Pass a Pool or a Client of pg, a pool or a connection of mysql2, an open Database of better-sqlite3, or a DatabaseSync of node:sqlite from Node 22.16 on.',
  });
}

/** Either interface of mysql2, whichever of them the application has passed. */
const mysqlBinder: ClientBinder<MysqlConnection> = {
  binds: (token) => mysqlInterfaceOf(token) !== undefined,
  bind: ({ client }, watch) => ({
    client: (token) =>
      mysqlInterfaceOf(token) === 'promises'
        ? boundMysqlPromises(client, watch)
        : boundMysqlClient(client, watch),
  }),
};

function pgBinder(isClient: (token: Token) => boolean): ClientBinder<PgConnection> {
  return {
    binds: isClient,
    bind(connection, watch) {
      const bound = boundPgClient(connection.client, watch);
      return { client: () => bound };
    },
  };
}
