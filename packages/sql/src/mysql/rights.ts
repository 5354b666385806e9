import type { Purpose } from '../dialect/dialect.js';
import type { Table, TableNames } from '../dialect/table-names.js';
import { NEEDED_RIGHTS } from '../dialect/needed-rights.js';
import type { Statement } from '../driver/connection.js';

/** The user of the connection as `GRANT` and the catalogue write it: `'app'@'%'`. */
const USER = `CONCAT('''', LEFT(CURRENT_USER(), CHAR_LENGTH(CURRENT_USER()) - CHAR_LENGTH(SUBSTRING_INDEX(CURRENT_USER(), '@', -1)) - 1), '''@''', SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''')`;

/** Of the three places in which a right may be granted one is enough. What a role gives is not looked for. */
const GRANTED = `EXISTS (SELECT 1 FROM information_schema.user_privileges AS granted
    WHERE granted.grantee = ${USER} AND granted.privilege_type = needed.privilege)
  OR EXISTS (SELECT 1 FROM information_schema.schema_privileges AS granted
    WHERE granted.grantee = ${USER} AND granted.privilege_type = needed.privilege AND DATABASE() LIKE granted.table_schema)
  OR EXISTS (SELECT 1 FROM information_schema.table_privileges AS granted
    WHERE granted.grantee = ${USER} AND granted.privilege_type = needed.privilege
      AND granted.table_schema = DATABASE() AND granted.table_name = needed.name)`;

/** Looks in the catalogue, where everybody sees the own rights, for those that the user of the connection lacks. */
export function missingRights(names: TableNames, { tables, action }: Purpose): Statement {
  const needed =
    action === 'create' ? toCreate(tables) : action === 'end' ? [] : NEEDED_RIGHTS[tables][action];
  return {
    sql: missing(needed.map(([table, right]) => [table === '*' ? table : names.name(table), right])),
    parameters: [],
  };
}

/** The version is written with the tables of the audit store. */
function toCreate(tables: Purpose['tables']): readonly (readonly [Table | '*', string])[] {
  const create = ['*', 'CREATE'] as const;
  return tables === 'audit' ? [create, ['schema', 'INSERT'], ['schema', 'SELECT']] : [create];
}

/** @param needed a right on a table, or on all of the database (`*`) */
function missing(needed: readonly (readonly [name: string, right: string])[]): string {
  const rows = needed
    .map(([name, right]) => `SELECT '${name}' AS name, '${right}' AS privilege`)
    .join(' UNION ALL ');
  const list = `GROUP_CONCAT(needed.privilege ORDER BY needed.privilege SEPARATOR ', ')`;
  const where = `CONCAT('\`', DATABASE(), '\`.', IF(needed.name = '*', '*', CONCAT('\`', needed.name, '\`')))`;
  return `SELECT CURRENT_USER() AS role,
  CONCAT(${list}, ' on ', DATABASE(), '.', needed.name) AS what,
  CONCAT('GRANT ', ${list}, ' ON ', ${where}, ' TO ', ${USER}) AS remedy
FROM (${rows}) AS needed
WHERE NOT (${GRANTED})
GROUP BY needed.name ORDER BY needed.name`;
}
