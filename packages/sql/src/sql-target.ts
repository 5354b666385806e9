import type { Target } from '@flamingock/core/spi';
import { type SqlDatabase, useOf } from './sql-database.js';
import { isSqlExecutor } from './sql-executor.js';
import { AutocommitExecutor } from './target/autocommit-executor.js';
import { SqlTransactions } from './target/transactions.js';
import { unendedTransactions } from './target/unended-transactions.js';
import { identityOf, type SqlTargetOptions } from './target-options.js';

/**
 * A SQL database as a target system. Each change runs in a transaction and may ask for `SqlExecutor`; on PostgreSQL
 * also for the class of the client, which is then the one that the transaction is open on; on SQLite for the class of
 * the database, whose only connection is inside the transaction. A change with `transactional: false` may ask for the
 * class of the object that was passed.
 *
 * Throws `FLG_OPTION_INVALID` for an object that is no database of a known kind and for names of tables that cannot be
 * used, and `FLG_OPTION_UNKNOWN`.
 *
 * @example
 * const targets = { 'orders-db': sqlTarget(new pg.Pool({ connectionString })) };
 */
export function sqlTarget(database: SqlDatabase, options: SqlTargetOptions = {}): Target {
  const where = 'sqlTarget()';
  const { driver, database: own, isDatabase, transactions } = useOf(database, where);
  const identity = identityOf(options, driver.dialect, where);
  const autocommit = new AutocommitExecutor(driver);
  const { foreignTransaction, secrets } = driver;
  const transactional = transactions((lender, binder) => new SqlTransactions(lender, binder, options));
  return {
    kind: driver.dialect.kind,
    ...identity,
    ...(secrets === undefined ? {} : { secrets }),
    clients: [],
    supplies: (token) => isDatabase(token) || isSqlExecutor(token),
    client: (token) => (isDatabase(token) ? own : autocommit),
    ...(foreignTransaction === undefined ? {} : { evidence: unendedTransactions(foreignTransaction) }),
    isTransient: (error) => transactional.isTransient(error),
    transactions: transactional,
  };
}
