import type { SqlDialect } from '../dialect/dialect.js';
import { postgresTables } from './ddl.js';
import { postgresErrors } from './errors.js';
import { postgresStatements } from './statements.js';

/** PostgreSQL, from 12 on. */
export const postgresDialect: SqlDialect = {
  kind: 'postgresql',
  capabilities: {
    singleConnection: false,
    abortsOnError: true,
    idleTimeout: true,
    timeouts: true,
    schemas: true,
    implicitCommits: false,
  },
  naming: (names) => ({
    names,
    tables: postgresTables(names),
    statements: postgresStatements(names),
    errors: postgresErrors(names),
  }),
};
