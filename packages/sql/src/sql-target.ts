import { type Target, type Token, tokenKey } from '@flamingock/core/spi';
import { driverOf, type SqlDatabase } from './sql-database.js';
import { isSqlExecutor } from './sql-executor.js';
import { AutocommitExecutor } from './target/autocommit-executor.js';
import { SqlTransactions } from './target/transactions.js';
import { identityOf, type SqlTargetOptions } from './target-options.js';

/**
 * A SQL database as a target system. Each change runs in a transaction and may ask for `SqlExecutor`; on
 * SQLite also for the class of the database itself, whose only connection is then inside the transaction.
 *
 * Throws `FLG_OPTION_INVALID` for an object that is no database of a known kind, and `FLG_OPTION_UNKNOWN`.
 *
 * @example
 * const targets = { 'orders-db': sqlTarget(new Database('orders.db')) };
 */
export function sqlTarget(database: SqlDatabase, options: SqlTargetOptions = {}): Target {
  const driver = driverOf(database, 'sqlTarget()');
  const isDatabase = (token: Token): boolean => tokenKey(token) === database.constructor;
  const autocommit = new AutocommitExecutor(driver);
  return {
    kind: driver.dialect.kind,
    ...identityOf(options, 'sqlTarget()'),
    clients: [],
    supplies: (token) => isDatabase(token) || isSqlExecutor(token),
    client: (token) => (isDatabase(token) ? database : autocommit),
    transactions: new SqlTransactions(driver, {
      binds: (token) => driver.dialect.capabilities.singleConnection && isDatabase(token),
      bind: () => ({ client: () => database }),
    }),
  };
}
