import type { LedgerContent, LedgerKey } from '@flamingock/core/spi';
import { coded } from '../dialect/coded.js';
import type { SqlDialect } from '../dialect/dialect.js';
import type { Row, SqlConnection } from '../driver/connection.js';
import { contentOf, integer } from './content.js';
import { tablesIncomplete } from './schema-version.js';

/** Reads a ledger in one statement. Only where a table is missing a second one finds out why. */
export async function readLedger(
  connection: SqlConnection,
  dialect: SqlDialect,
  key: LedgerKey,
  after: number,
): Promise<LedgerContent> {
  const read = (): Promise<readonly Row[]> => connection.send(dialect.statements.read(key, after));
  try {
    return contentOf(await read());
  } catch (error) {
    if (!dialect.errors.isMissingTable(error)) throw coded(dialect, error);
  }
  const [probe] = await connection.send(dialect.statements.probe());
  if (integer(probe, 'known') === 0) {
    return { initialised: false, entries: [], lock: undefined, now: integer(probe, 'now') };
  }
  // Another process has created the tables in between, or some of them are lost.
  try {
    return contentOf(await read());
  } catch (error) {
    throw dialect.errors.isMissingTable(error) ? tablesIncomplete(error) : coded(dialect, error);
  }
}
