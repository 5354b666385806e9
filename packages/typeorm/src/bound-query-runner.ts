import type { StatementWatch } from '@flamingock/sql/spi';
import type { QueryRunner } from 'typeorm';

/**
 * The query runner of one transactional change. TypeORM may have a single runner for a database (SQLite); this one
 * inherits everything from it but keeps the state of its transaction to itself, so that the rest of the
 * application does not join the transaction by calling `dataSource.transaction()`, and that a transaction within
 * the change becomes a savepoint.
 */
export function boundQueryRunner(runner: QueryRunner, watch: StatementWatch): QueryRunner {
  const bound = Object.create(runner) as QueryRunner;
  return Object.assign(bound, {
    isTransactionActive: true,
    transactionDepth: 1,
    query: (sql: string, parameters?: unknown[], structured?: true): Promise<unknown> =>
      watch.run(sql, () => runner.query(sql, parameters, structured as true)),
    // The connection is given back when the transaction has ended, and not by the change.
    release: () => Promise.resolve(),
  });
}
