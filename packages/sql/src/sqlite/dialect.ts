import type { SqlDialect } from '../dialect/dialect.js';
import { sqliteTables } from './ddl.js';
import { sqliteErrors } from './errors.js';
import { sqliteStatements } from './statements.js';

/** SQLite, from 3.35 on. */
export const sqliteDialect: SqlDialect = {
  kind: 'sqlite',
  capabilities: {
    singleConnection: true,
    abortsOnError: false,
    idleTimeout: false,
    timeouts: false,
    schemas: false,
    implicitCommits: false,
  },
  naming: (names) => ({
    names,
    tables: sqliteTables(names),
    statements: sqliteStatements(names),
    errors: sqliteErrors(names),
  }),
};
