import type { Purpose } from '../dialect/dialect.js';
import { NEEDED_RIGHTS } from '../dialect/needed-rights.js';
import type { Table, TableNames } from '../dialect/table-names.js';
import type { Statement } from '../driver/connection.js';

/** Looks in the catalogue, which everybody may read, for the rights that the role of the connection lacks. */
export function missingRights(names: TableNames, { tables, action }: Purpose): Statement {
  if (action === 'end') return plain(SIGNAL);
  if (action === 'create') return plain(onSchema(names, ['USAGE', 'CREATE']));
  return plain(`${onSchema(names, ['USAGE'])}\nUNION ALL\n${onTables(names, NEEDED_RIGHTS[tables][action])}`);
}

const SIGNAL = `SELECT current_user AS role, 'membership in pg_signal_backend' AS what, format('GRANT pg_signal_backend TO %I', current_user) AS remedy`;

const LIST = `string_agg(needed.privilege, ', ' ORDER BY needed.privilege)`;

function onSchema(names: TableNames, rights: readonly string[]): string {
  const schema = names.schema === undefined ? 'current_schema()' : `'${names.schema}'`;
  return `SELECT current_user AS role,
  format('%s on schema %I', ${LIST}, schema.nspname) AS what,
  format('GRANT %s ON SCHEMA %I TO %I', ${LIST}, schema.nspname, current_user) AS remedy
FROM pg_namespace AS schema CROSS JOIN (VALUES ${rights.map((right) => `('${right}')`).join(', ')}) AS needed (privilege)
WHERE schema.nspname = ${schema} AND NOT has_schema_privilege(schema.oid, needed.privilege)
GROUP BY schema.nspname`;
}

function onTables(names: TableNames, rights: readonly (readonly [Table, string])[]): string {
  const needed = rights.map(([table, right]) => `('${names.name(table)}', '${right}')`).join(', ');
  const found =
    names.schema === undefined ? 'pg_table_is_visible(tab.oid)' : `schema.nspname = '${names.schema}'`;
  return `SELECT current_user,
  format('%s on %I.%I', ${LIST}, schema.nspname, tab.relname),
  format('GRANT %s ON TABLE %I.%I TO %I', ${LIST}, schema.nspname, tab.relname, current_user)
FROM (VALUES ${needed}) AS needed (name, privilege)
JOIN pg_class AS tab ON tab.relname = needed.name
JOIN pg_namespace AS schema ON schema.oid = tab.relnamespace AND ${found}
WHERE NOT has_table_privilege(tab.oid, needed.privilege)
GROUP BY schema.nspname, tab.relname`;
}

function plain(sql: string): Statement {
  return { sql, parameters: [] };
}
