import { FlamingockError, throwProblems, unknownKeys } from '@flamingock/core/spi';
import type { SqlDialect } from './dialect/dialect.js';
import { isIdentifier, LONGEST_PREFIX, type TableNameOptions } from './dialect/table-names.js';

/** What may be said of the tables of a store or a target. */
export interface TableOptions extends TableNameOptions {
  /**
   * Whether the first run creates its tables. With `false` it says which statements are missing, and `sqlTables()`
   * gives them. Default `true`.
   */
  readonly createTables?: boolean;
}

/** What is wrong with the options of names. */
export function nameProblems(
  { schema, prefix }: TableNameOptions,
  { capabilities, kind }: SqlDialect,
  where: string,
): FlamingockError[] {
  const problems: FlamingockError[] = [];
  if (schema !== undefined && !capabilities.schemas)
    problems.push(
      invalid(`${where}: schema means nothing on ${kind}.`, 'Leave it out; prefix tells tables apart.'),
    );
  else if (schema !== undefined && !isIdentifier(schema, 63))
    problems.push(
      invalid(`${where}: schema must be a name of letters, digits and _.`, "Pass for instance 'audit'."),
    );
  if (prefix !== undefined && !isIdentifier(prefix, LONGEST_PREFIX))
    problems.push(
      invalid(
        `${where}: prefix must be a name of at most ${LONGEST_PREFIX} letters, digits and _.`,
        "Pass for instance 'orders_flamingock_'.",
      ),
    );
  return problems;
}

/** Checks what was said of the tables. Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`, all problems together. */
export function tableOptions(
  options: TableOptions,
  dialect: SqlDialect,
  where: string,
  furtherKeys: readonly string[] = [],
): TableOptions {
  const { createTables } = options;
  throwProblems([
    ...unknownKeys(options, [...furtherKeys, 'createTables', 'schema', 'prefix'], where),
    ...(createTables === undefined || typeof createTables === 'boolean'
      ? []
      : [invalid(`${where}: createTables must be true or false.`, 'Leave it out to have them created.')]),
    ...nameProblems(options, dialect, where),
  ]);
  return options;
}

function invalid(message: string, hint: string): FlamingockError {
  return new FlamingockError({ code: 'FLG_OPTION_INVALID', message, hint });
}
