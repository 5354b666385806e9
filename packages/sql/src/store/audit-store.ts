import type { AuditStore } from '@flamingock/core/spi';
import { coded } from '../dialect/coded.js';
import type { SqlConnection } from '../driver/connection.js';
import { type SqlDriver, withConnection } from '../driver/driver.js';
import { integer, text } from './content.js';
import { createTables, type TableOptions } from './create-tables.js';
import { SqlLedgerWriter } from './ledger-writer.js';
import { readLedger } from './read-ledger.js';
import { assertSchemaVersion } from './schema-version.js';
import { SqlAuditSession } from './session.js';

/** An audit store over any driver whose dialect is known. */
export function createSqlAuditStore(driver: SqlDriver, options: TableOptions = {}): AuditStore {
  const { dialect, handle } = driver;
  return {
    kind: dialect.kind,
    capabilities: {
      sharedTransactions: true,
      singleConnection: dialect.capabilities.singleConnection,
      lendsOneConnection: driver.lendsOne,
    },
    driver: handle,
    read: (key, after) => withConnection(driver, (connection) => readLedger(connection, dialect, key, after)),
    environments: (service, tenant) =>
      withConnection(driver, (connection) => environments(connection, driver, service, tenant)),
    initialise: () => withConnection(driver, (connection) => initialise(connection, driver, options)),
    openSession: async () => new SqlAuditSession(dialect, await driver.connect()),
    within: (connection) =>
      new SqlLedgerWriter(dialect, (statement) => (connection as SqlConnection).send(statement)),
  };
}

async function environments(
  connection: SqlConnection,
  { dialect }: SqlDriver,
  service: string,
  tenant: string,
): Promise<readonly string[]> {
  try {
    const rows = await connection.send(dialect.statements.environments(service, tenant));
    return rows.map((row) => text(row, 'environment') ?? '');
  } catch (error) {
    if (dialect.errors.isMissingTable(error)) return [];
    throw coded(dialect, error);
  }
}

async function initialise(
  connection: SqlConnection,
  { dialect }: SqlDriver,
  options: TableOptions,
): Promise<void> {
  try {
    await createTables(connection, dialect, dialect.tables.audit, options);
    const [row] = await connection.send(dialect.statements.version());
    assertSchemaVersion(integer(row, 'version'));
  } catch (error) {
    throw coded(dialect, error);
  }
}
