import type { ClaimAnswer, FenceAnswer, FenceKey, FenceRow } from '@flamingock/core/spi';
import { storeBusy, withCodedErrors } from '../dialect/coded.js';
import type { FenceAdvance, TableDialect } from '../dialect/dialect.js';
import type { Row, SqlConnection, Statement } from '../driver/connection.js';
import { integer, text } from '../store/content.js';
import { createTables } from '../store/create-tables.js';
import type { TableOptions } from '../table-options.js';

/** Claims the fence on a connection, after it has created its table where that is missing and nothing is expected of it. */
export async function claimFence(
  connection: SqlConnection,
  dialect: TableDialect,
  options: TableOptions,
  { key, token, expected }: { readonly key: FenceKey; readonly token: number; readonly expected: number },
): Promise<ClaimAnswer> {
  const { statements } = dialect;
  return withCodedErrors(connection, dialect, { tables: 'fence', action: 'write' }, async () => {
    const statement = statements.claim(key, token, expected);
    const rows = await sendCreating(connection, dialect, expected > 0 ? undefined : options, statement);
    if (rows === undefined) return { status: 'behind', applied: 0 };
    const [claimed] = rows;
    if (claimed !== undefined)
      return { status: 'claimed', applied: integer(claimed, 'applied'), begun: integer(claimed, 'begun') };
    const [found] = await connection.send(statements.fence(key));
    if (found === undefined && expected > 0) return { status: 'behind', applied: 0 };
    const environment = text(found, 'environment') ?? '';
    if (environment !== key.environment) return { status: 'foreign', environment };
    if (integer(found, 'claimed') > token)
      return { status: 'superseded', claimed: integer(found, 'claimed') };
    if (integer(found, 'applied') < expected) return { status: 'behind', applied: integer(found, 'applied') };
    // The row changed between the two statements.
    throw storeBusy();
  });
}

/** Reads the fence as it stands; `undefined` where there is no row, or no table. */
export async function readFence(
  connection: SqlConnection,
  dialect: TableDialect,
  key: FenceKey,
): Promise<FenceRow | undefined> {
  return withCodedErrors(connection, dialect, { tables: 'fence', action: 'read' }, async () => {
    try {
      const [row] = await connection.send(dialect.statements.fence(key));
      if (row === undefined) return undefined;
      return {
        environment: text(row, 'environment') ?? '',
        claimed: integer(row, 'claimed'),
        begun: integer(row, 'begun'),
        applied: integer(row, 'applied'),
      };
    } catch (error) {
      if (dialect.errors.isMissingTable(error)) return undefined;
      throw error;
    }
  });
}

/** Rewrites the fence where it still is as a claim was answered. */
export async function adoptFence(
  connection: SqlConnection,
  dialect: TableDialect,
  fence: FenceAdvance,
  shown: FenceAnswer,
): Promise<boolean> {
  const rows = await withCodedErrors(connection, dialect, { tables: 'fence', action: 'write' }, () =>
    connection.sendAlone([dialect.statements.adopt(fence, shown)]),
  );
  return rows.length === 1;
}

/** @param options how the table is created where it is missing; `undefined`: it is not, and neither is there an answer */
async function sendCreating(
  connection: SqlConnection,
  dialect: TableDialect,
  options: TableOptions | undefined,
  statement: Statement,
): Promise<readonly Row[] | undefined> {
  try {
    return await connection.sendAlone([statement]);
  } catch (error) {
    if (!dialect.errors.isMissingTable(error)) throw error;
  }
  if (options === undefined) return undefined;
  await createTables(connection, dialect, 'fence', options);
  return connection.sendAlone([statement]);
}
