import { hasCode, type LedgerContent, type LedgerKey } from '@flamingock/core/spi';
import { withCodedErrors } from '../dialect/coded.js';
import type { TableDialect } from '../dialect/dialect.js';
import type { SqlConnection } from '../driver/connection.js';
import { contentOf, integer, notInitialised } from './content.js';
import { tablesIncomplete } from './schema-version.js';

/**
 * Reads a ledger in one statement. Only where a table is missing a second one finds out why.
 *
 * @param declaration where the ledger completes it, its entries are left out
 */
export function readLedger(
  connection: SqlConnection,
  dialect: TableDialect,
  key: LedgerKey,
  after: number,
  declaration?: string,
): Promise<LedgerContent> {
  const { statements, errors, names } = dialect;
  const read = async (): Promise<LedgerContent> => {
    const rows = await connection.send(statements.read(key, after, declaration));
    try {
      return contentOf(rows);
    } catch (error) {
      // Where nothing is committed by itself, the reading has begun a transaction.
      if (hasCode(error, 'FLG_OPTION_INVALID')) connection.discard();
      throw error;
    }
  };
  return withCodedErrors(connection, dialect, { tables: 'audit', action: 'read' }, async () => {
    try {
      return await read();
    } catch (error) {
      if (!errors.isMissingTable(error)) throw error;
    }
    const [probe] = await connection.send(statements.probe());
    if (integer(probe, 'known') === 0) return notInitialised(integer(probe, 'now'));
    // Another process has created the tables in between, or some of them are lost.
    try {
      return await read();
    } catch (error) {
      throw errors.isMissingTable(error) ? tablesIncomplete(names, error) : error;
    }
  });
}
