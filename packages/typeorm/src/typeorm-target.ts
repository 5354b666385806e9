import { type Target, type Token, tokenKey } from '@flamingock/core/spi';
import {
  AutocommitExecutor,
  type ClientBinder,
  identityOf,
  isSqlExecutor,
  SqlTransactions,
  type TableOptions,
  unendedTransactions,
} from '@flamingock/sql/spi';
import type { DataSource } from 'typeorm';
import { boundQueryRunner } from './bound-query-runner.js';
import { isDataSource, suppliedByManager } from './clients.js';
import { dataSourceDriver, type TypeormConnection } from './data-source-driver.js';
import { QUERY_RUNNER } from './tokens.js';

/** What may be said of a target. */
export interface TypeormTargetOptions extends TableOptions {
  /**
   * Which database it is, free of secrets: `orders@eu-1`. It is recorded with every change, and a start whose
   * target has another identity than the recorded one is refused. Default: none is recorded.
   */
  readonly identity?: string;
}

/**
 * The database of a TypeORM `DataSource` as a target system. Each change runs in a transaction and may ask for
 * its `EntityManager`, its repositories (`repositoryOf(Order)`), its `QueryRunner` (`QUERY_RUNNER`) and
 * `SqlExecutor`; one with `transactional: false` for the `DataSource`, its manager and its repositories.
 *
 * Throws `FLG_OPTION_INVALID` for a data source that is not initialised or whose driver is not supported, and
 * `FLG_OPTION_UNKNOWN`.
 *
 * @example
 * const targets = { 'orders-db': typeormTarget(await ordersDataSource.initialize()) };
 */
export function typeormTarget(dataSource: DataSource, options: TypeormTargetOptions = {}): Target {
  const where = 'typeormTarget()';
  const driver = dataSourceDriver(dataSource, where);
  const identity = identityOf(options, driver.dialect, where);
  const autocommit = new AutocommitExecutor(driver);
  const { foreignTransaction, secrets } = driver;
  const transactions = new SqlTransactions(driver, binderOf(dataSource), options);
  return {
    kind: driver.dialect.kind,
    ...identity,
    ...(secrets === undefined ? {} : { secrets }),
    clients: [],
    supplies: (token) =>
      isDataSource(dataSource, token) ||
      isSqlExecutor(token) ||
      suppliedByManager(dataSource, token) !== undefined,
    client(token) {
      if (isDataSource(dataSource, token)) return dataSource;
      return suppliedByManager(dataSource, token)?.(dataSource.manager) ?? autocommit;
    },
    ...(foreignTransaction === undefined ? {} : { evidence: unendedTransactions(foreignTransaction) }),
    isTransient: (error) => transactions.isTransient(error),
    transactions,
  };
}

function binderOf(dataSource: DataSource): ClientBinder<TypeormConnection> {
  const isRunner = (token: Token): boolean => tokenKey(token) === QUERY_RUNNER.key;
  return {
    binds: (token) => isRunner(token) || suppliedByManager(dataSource, token) !== undefined,
    bind({ runner }, watch) {
      const bound = boundQueryRunner(runner, watch);
      const manager = dataSource.createEntityManager(bound);
      return {
        client: (token) => (isRunner(token) ? bound : suppliedByManager(dataSource, token)?.(manager)),
      };
    },
  };
}
