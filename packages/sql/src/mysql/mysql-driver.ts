import type { SqlDriver } from '../driver/driver.js';
import { mysqlDialect } from './dialect.js';
import {
  headerOf,
  isInTransaction,
  type MysqlClient,
  mysqlClientOf,
  type MysqlPool,
  type MysqlPoolClient,
  mysqlPoolOf,
} from './mysql-client.js';
import { MysqlConnection } from './mysql-connection.js';
import { mysqlSecrets } from './mysql-secrets.js';

/** A pool or a connection of mysql2, with callbacks or with promises, as a driver; `undefined` for anything else. */
export function mysqlDriverOf(value: unknown): SqlDriver<MysqlConnection> | undefined {
  const pool = mysqlPoolOf(value);
  if (pool !== undefined) return poolDriver(pool);
  const client = mysqlClientOf(value);
  return client === undefined ? undefined : clientDriver(client);
}

function poolDriver(pool: MysqlPool): SqlDriver<MysqlConnection> {
  return {
    handle: pool,
    dialect: mysqlDialect,
    lendsOne: isMysqlPoolOfOne(pool),
    secrets: mysqlSecrets(pool.config.connectionConfig),
    connect: () =>
      new Promise((resolve, reject) => {
        pool.getConnection((error, client) => {
          if (error === null && client !== undefined) resolve(lent(client));
          else reject(error ?? new Error('The pool gives no connection.'));
        });
      }),
  };
}

function lent(client: MysqlPoolClient): MysqlConnection {
  return new MysqlConnection(client, {
    giveBack(reason) {
      if (reason === undefined) client.release();
      else client.destroy();
    },
  });
}

/** Tells whether everybody waits for the same connection. */
export function isMysqlPoolOfOne({ config }: MysqlPool): boolean {
  return config.connectionLimit === 1;
}

const TURN = Symbol.for('flamingock.mysql.turn');

/** A single connection is lent to one piece of work after the other. */
function clientDriver(client: MysqlClient & { [TURN]?: Promise<void> }): SqlDriver<MysqlConnection> {
  const ask = (sql: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      client.query({ sql, values: [], rowsAsArray: false }, (error, result) => {
        if (error === null) resolve(result);
        else reject(error);
      });
    });
  return {
    handle: client,
    dialect: mysqlDialect,
    lendsOne: true,
    secrets: mysqlSecrets(client.config),
    foreignTransaction: {
      isOpen: async () => isInTransaction(headerOf(await ask('DO 0'))),
      async rollBack() {
        await ask('ROLLBACK');
      },
    },
    async connect() {
      // Kept on the connection itself, which several stores, targets and copies of this package may share.
      const before = client[TURN];
      let end = (): void => undefined;
      client[TURN] = new Promise<void>((resolve) => {
        end = resolve;
      });
      await before;
      return new MysqlConnection(client, { only: true, giveBack: end });
    },
  };
}
