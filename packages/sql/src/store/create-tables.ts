import { FlamingockError } from '@flamingock/core/spi';
import type { SqlDialect } from '../dialect/dialect.js';
import type { SqlConnection, Statement } from '../driver/connection.js';
import { script } from '../sql-tables.js';

/** What may be said of the tables of a store or a target. */
export interface TableOptions {
  /**
   * Whether the first run creates its tables. With `false` it says which statements are missing, and `sqlTables()`
   * gives them. Default `true`.
   */
  readonly createTables?: boolean;
}

/**
 * Creates tables in one transaction, while others that want the same wait for their turn. Throws `FLG_OPTION_INVALID`,
 * with the statements, where that is not wanted.
 */
export async function createTables(
  connection: SqlConnection,
  { tables }: SqlDialect,
  statements: readonly Statement[],
  { createTables: wanted = true }: TableOptions,
): Promise<void> {
  if (!wanted) throw tablesMissing(statements);
  await connection.sendAlone([...tables.takeTurns, ...statements]);
}

function tablesMissing(statements: readonly Statement[]): FlamingockError {
  return new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message: 'The tables do not exist, and createTables is false.',
    hint: `Have them created by somebody who may, then start again:\n\n${script(statements)}`,
  });
}
