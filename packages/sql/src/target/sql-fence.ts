import type { ClaimAnswer, FenceKey } from '@flamingock/core/spi';
import { storeBusy, withCodedErrors } from '../dialect/coded.js';
import type { FenceAdvance, TableDialect } from '../dialect/dialect.js';
import type { Row, SqlConnection, Statement } from '../driver/connection.js';
import { integer, text } from '../store/content.js';
import { createTables } from '../store/create-tables.js';
import type { TableOptions } from '../table-options.js';

/** Claims the fence on a connection, after it has created its table where that is missing. */
export async function claimFence(
  connection: SqlConnection,
  dialect: TableDialect,
  options: TableOptions,
  { key, token }: { readonly key: FenceKey; readonly token: number },
): Promise<ClaimAnswer> {
  const { statements } = dialect;
  return withCodedErrors(connection, dialect, { tables: 'fence', action: 'write' }, async () => {
    const [claimed] = await sendCreating(connection, dialect, options, statements.claim(key, token));
    if (claimed !== undefined)
      return { status: 'claimed', applied: integer(claimed, 'applied'), begun: integer(claimed, 'begun') };
    const [found] = await connection.send(statements.fence(key));
    const environment = text(found, 'environment') ?? '';
    if (environment !== key.environment) return { status: 'foreign', environment };
    if (integer(found, 'claimed') > token)
      return { status: 'superseded', claimed: integer(found, 'claimed') };
    // The row changed between the two statements.
    throw storeBusy();
  });
}

/** Rewrites the fence where it still is as a claim was answered. */
export async function adoptFence(
  connection: SqlConnection,
  dialect: TableDialect,
  fence: FenceAdvance,
  shown: ClaimAnswer,
): Promise<boolean> {
  const rows = await withCodedErrors(connection, dialect, { tables: 'fence', action: 'write' }, () =>
    connection.sendAlone([dialect.statements.adopt(fence, shown)]),
  );
  return rows.length === 1;
}

async function sendCreating(
  connection: SqlConnection,
  dialect: TableDialect,
  options: TableOptions,
  statement: Statement,
): Promise<readonly Row[]> {
  try {
    return await connection.sendAlone([statement]);
  } catch (error) {
    if (!dialect.errors.isMissingTable(error)) throw error;
  }
  await createTables(connection, dialect, 'fence', options);
  return connection.sendAlone([statement]);
}
