import { throwProblems, unknownKeys } from '@flamingock/core/spi';
import type { SqlDialect } from './dialect/dialect.js';
import { type TableNameOptions, tableNames } from './dialect/table-names.js';
import type { Statement } from './driver/connection.js';
import { mysqlDialect } from './mysql/dialect.js';
import { postgresDialect } from './postgres/dialect.js';
import { sqliteDialect } from './sqlite/dialect.js';
import { nameProblems } from './table-options.js';

const DIALECTS = {
  postgresql: postgresDialect,
  mysql: mysqlDialect,
  sqlite: sqliteDialect,
} satisfies Record<string, SqlDialect>;

/**
 * The statements that create the tables, as a script: for people whose database administrator runs such things, with
 * `createTables: false`. Running it again changes nothing.
 *
 * Throws `FLG_OPTION_INVALID` and `FLG_OPTION_UNKNOWN` for names that cannot be used.
 *
 * @param database which database it is for; `mysql` is also MariaDB
 * @param role `audit` for the tables of an audit store, `target` for the fence in the database of a target
 * @param names the options `schema` and `prefix` of the store or the target
 *
 * @example
 * console.log(sqlTables('postgresql', 'audit', { schema: 'audit' }));
 */
export function sqlTables(
  database: keyof typeof DIALECTS,
  role: 'audit' | 'target',
  names: TableNameOptions = {},
): string {
  const dialect = DIALECTS[database];
  const where = 'sqlTables()';
  throwProblems([...unknownKeys(names, ['schema', 'prefix'], where), ...nameProblems(names, dialect, where)]);
  const { audit, fence } = dialect.naming(tableNames(names)).tables;
  return script(role === 'audit' ? audit : fence);
}

/** Statements without parameters as one text. */
export function script(statements: readonly Statement[]): string {
  return statements.map(({ sql }) => `${sql};\n`).join('\n');
}
