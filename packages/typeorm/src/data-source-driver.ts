import { FlamingockError } from '@flamingock/core/spi';
import {
  betterSqlite3Client,
  type BetterSqlite3Database,
  foreignTransaction,
  type ForeignTransaction,
  isMysqlPoolOfOne,
  isPgPool,
  isPoolOfOne,
  type MysqlClient,
  MysqlConnection,
  mysqlDialect,
  mysqlPoolOf,
  mysqlSecrets,
  type PgClient,
  PgConnection,
  pgSecrets,
  postgresDialect,
  SqliteConnection,
  sqliteDialect,
  type SqlConnection,
  type SqlDriver,
} from '@flamingock/sql/spi';
import type { DataSource, QueryRunner } from 'typeorm';

/** A connection with the query runner that TypeORM uses it through. */
export type TypeormConnection = SqlConnection & { readonly runner: QueryRunner };

interface SupportedDriver {
  readonly dialect: SqlDriver['dialect'];
  readonly lendsOne: (dataSource: DataSource) => boolean;
  readonly secrets?: (dataSource: DataSource) => readonly string[];
  readonly foreign?: (dataSource: DataSource) => ForeignTransaction;
  /** Takes what `QueryRunner.connect()` resolves to; its release releases the runner. */
  readonly connect: (
    connection: unknown,
    runner: QueryRunner,
    onStatement: (sql: string, parameters: readonly unknown[]) => void,
  ) => SqlConnection;
}

const postgres: SupportedDriver = {
  dialect: postgresDialect,
  lendsOne({ driver }) {
    const { master } = driver as { readonly master?: unknown };
    return isPgPool(master) && isPoolOfOne(master);
  },
  secrets({ driver }) {
    const { master } = driver as { readonly master?: unknown };
    return isPgPool(master) ? pgSecrets(master.options) : [];
  },
  connect: (connection, runner, onStatement) => {
    const client = connection as PgClient & { emit(event: 'error', error: Error): unknown };
    return new PgConnection(client, {
      onStatement,
      async giveBack(reason) {
        if (reason !== undefined) {
          // Released by itself, a runner gives no reason to the pool, which would lend the connection again.
          if (!runner.isReleased) client.emit('error', reason);
          client.connection?.stream.destroy();
        }
        await runner.release();
      },
    });
  },
};

/** On mysql2, which TypeORM finds by itself. With replication everything goes to the master. */
const mysql: SupportedDriver = {
  dialect: mysqlDialect,
  lendsOne(dataSource) {
    const pool = mysqlPoolOf((dataSource.driver as { readonly pool?: unknown }).pool);
    return pool !== undefined && isMysqlPoolOfOne(pool);
  },
  secrets({ options }) {
    const { replication } = options as { readonly replication?: { readonly master?: object } };
    return mysqlSecrets(replication?.master ?? options);
  },
  connect(connection, runner, onStatement) {
    const client = connection as MysqlClient;
    return new MysqlConnection(client, {
      onStatement,
      async giveBack(reason) {
        // The runner gives no reason to the pool, which takes out by itself what was destroyed.
        if (reason !== undefined) client.destroy();
        await runner.release();
      },
    });
  },
};

/** The drivers of TypeORM that are supported, by the `type` of the data source. */
const SUPPORTED: Readonly<Record<string, SupportedDriver>> = {
  'better-sqlite3': {
    dialect: sqliteDialect,
    lendsOne: () => false,
    foreign: (dataSource) => {
      const { databaseConnection } = dataSource.driver as unknown as {
        readonly databaseConnection: BetterSqlite3Database;
      };
      const transaction = foreignTransaction(betterSqlite3Client(databaseConnection));
      return {
        ...transaction,
        async rollBack() {
          // The one runner of the database counts the transactions that were begun through TypeORM.
          const runner = dataSource.createQueryRunner();
          while (runner.isTransactionActive) await runner.rollbackTransaction();
          if (transaction.isOpen()) await transaction.rollBack();
        },
      };
    },
    connect: (connection, _runner, onStatement) =>
      new SqliteConnection(betterSqlite3Client(connection as BetterSqlite3Database), onStatement),
  },
  mariadb: mysql,
  mysql,
  postgres,
};

/**
 * A data source as a driver. What the engine sends goes to the connection directly, so that nothing of the
 * application's can come between the statements, and is shown to the data source's logger.
 *
 * Throws `FLG_OPTION_INVALID` for a data source that is not initialised or whose driver is not supported.
 *
 * @param where who was given it, for the message
 */
export function dataSourceDriver(dataSource: DataSource, where: string): SqlDriver<TypeormConnection> {
  const { dialect, lendsOne, secrets, foreign, connect } = supportedDriver(dataSource, where);
  return {
    handle: dataSource,
    dialect,
    lendsOne: lendsOne(dataSource),
    ...(secrets === undefined ? {} : { secrets: secrets(dataSource) }),
    ...(foreign === undefined ? {} : { foreignTransaction: foreign(dataSource) }),
    async connect() {
      const runner = dataSource.createQueryRunner();
      const connection = connect(await runner.connect(), runner, (sql, parameters) => {
        dataSource.logger.logQuery(sql, [...parameters], runner);
      });
      return Object.assign(connection, { runner });
    },
  };
}

function supportedDriver(dataSource: DataSource, where: string): SupportedDriver {
  if (!dataSource.isInitialized) {
    throw invalid(
      `${where} was given a DataSource that is not initialised.`,
      'Call await dataSource.initialize() first.',
    );
  }
  const { type } = dataSource.options;
  const supported = SUPPORTED[type];
  if (supported === mysql && isOnAnotherPackage(dataSource)) {
    throw invalid(
      `${where} was given a DataSource on the package mysql, which does not tell where a transaction stands.`,
      "Install mysql2, and say connectorPackage: 'mysql2' where both are there.",
    );
  }
  if (supported !== undefined) return supported;
  if (type === 'mongodb') {
    throw invalid(
      `${where} keeps to SQL, and TypeORM's driver 'mongodb' has none.`,
      'Give mongodbAuditStore() or mongodbTarget() of @flamingock/mongodb a database of a MongoClient: client.db().',
    );
  }
  throw invalid(
    `${where} does not know TypeORM's driver '${type}'.`,
    `It works with: ${Object.keys(SUPPORTED).join(', ')}.`,
  );
}

/** The older package has pools of the same shape; without a pool it is not known before there is a connection. */
function isOnAnotherPackage({ driver }: DataSource): boolean {
  const { pool } = driver as { readonly pool?: unknown };
  return pool !== undefined && mysqlPoolOf(pool) === undefined;
}

function invalid(message: string, hint: string): FlamingockError {
  return new FlamingockError({ code: 'FLG_OPTION_INVALID', message, hint });
}
