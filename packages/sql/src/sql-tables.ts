import type { SqlDialect } from './dialect/dialect.js';
import type { Statement } from './driver/connection.js';
import { postgresDialect } from './postgres/dialect.js';
import { sqliteDialect } from './sqlite/dialect.js';

const DIALECTS = { postgresql: postgresDialect, sqlite: sqliteDialect } satisfies Record<string, SqlDialect>;

/**
 * The statements that create the tables, as a script: for people whose database administrator runs such things, with
 * `createTables: false`. Running it again changes nothing.
 *
 * @param database which database it is for
 * @param role `audit` for the tables of an audit store, `target` for the fence in the database of a target
 *
 * @example
 * console.log(sqlTables('postgresql', 'audit'));
 */
export function sqlTables(database: keyof typeof DIALECTS, role: 'audit' | 'target'): string {
  const { audit, fence } = DIALECTS[database].tables;
  return script(role === 'audit' ? audit : fence);
}

/** Statements without parameters as one text. */
export function script(statements: readonly Statement[]): string {
  return statements.map(({ sql }) => `${sql};\n`).join('\n');
}
