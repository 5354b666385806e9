import type { SqlDialect } from '../dialect/dialect.js';
import { mysqlTables } from './ddl.js';
import { mysqlErrors } from './errors.js';
import { mysqlStatements } from './statements.js';

/**
 * MySQL, from 8.0.19 on, and MariaDB, from 10.5 on. Where they differ, a statement says both, in comments that only one
 * of them executes.
 */
export const mysqlDialect: SqlDialect = {
  kind: 'mysql',
  capabilities: {
    singleConnection: false,
    abortsOnError: false,
    idleTimeout: true,
    timeouts: true,
    schemas: false,
    implicitCommits: true,
  },
  naming: (names) => ({
    names,
    tables: mysqlTables(names),
    statements: mysqlStatements(names),
    errors: mysqlErrors(names),
  }),
};
