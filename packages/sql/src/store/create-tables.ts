import { FlamingockError } from '@flamingock/core/spi';
import { withCodedErrors } from '../dialect/coded.js';
import type { Purpose, TableDialect } from '../dialect/dialect.js';
import type { SqlConnection, Statement } from '../driver/connection.js';
import { script } from '../sql-tables.js';
import type { TableOptions } from '../table-options.js';

/**
 * Creates tables in one transaction, while others that want the same wait for their turn. Throws `FLG_OPTION_INVALID`
 * where that is not wanted, with the statements, and where their schema does not exist; also as {@link withCodedErrors}.
 */
export async function createTables(
  connection: SqlConnection,
  dialect: TableDialect,
  which: Exclude<Purpose['tables'], 'checkpoint'>,
  { createTables: wanted = true }: TableOptions,
): Promise<void> {
  const { takeTurns, [which]: statements } = dialect.tables;
  if (!wanted) throw tablesMissing(statements);
  await withCodedErrors(connection, dialect, { tables: which, action: 'create' }, async () => {
    try {
      await connection.sendAlone([...takeTurns, ...statements]);
    } catch (error) {
      throw dialect.errors.isMissingSchema(error) ? schemaMissing(dialect.names.schema) : error;
    }
  });
}

function tablesMissing(statements: readonly Statement[]): FlamingockError {
  return new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message: 'The tables do not exist, and createTables is false.',
    hint: `Have them created by somebody who may, then start again:\n\n${script(statements)}`,
  });
}

function schemaMissing(schema: string | undefined): FlamingockError {
  return new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message:
      schema === undefined
        ? 'The tables have nowhere to go: no schema of the search_path exists, or the connection is in no database.'
        : `The schema ${schema} of the option schema does not exist.`,
    hint:
      schema === undefined
        ? 'On PostgreSQL pass the option schema, or set a search_path whose first schema exists; on MySQL and MariaDB name the database when you connect.'
        : `Schemas are not created here. Have it created by somebody who may, then start again:\n\nCREATE SCHEMA "${schema}";\n`,
  });
}
