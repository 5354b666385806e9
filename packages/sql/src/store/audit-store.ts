import type { AuditStore, EntryColumns, LedgerKey, LedgerWriter } from '@flamingock/core/spi';
import { withCodedErrors } from '../dialect/coded.js';
import type { TableDialect } from '../dialect/dialect.js';
import { tableNames } from '../dialect/table-names.js';
import type { SqlConnection } from '../driver/connection.js';
import { type SqlDriver, withConnection } from '../driver/driver.js';
import type { TableOptions } from '../table-options.js';
import { integer, text } from './content.js';
import { createTables } from './create-tables.js';
import { SqlLedgerWriter } from './ledger-writer.js';
import { readLedger } from './read-ledger.js';
import { assertSchemaVersion } from './schema-version.js';
import { SqlAuditSession } from './session.js';

/**
 * An audit store over any driver whose dialect is known.
 *
 * @param options as `tableOptions()` has checked them
 */
export function createSqlAuditStore(driver: SqlDriver, options: TableOptions = {}): AuditStore {
  const { handle, secrets } = driver;
  const { kind, capabilities } = driver.dialect;
  // A statement of the change that commits would leave something done of which the ledger does not know that it began.
  const shares = !capabilities.implicitCommits;
  const dialect = driver.dialect.naming(tableNames(options));
  return {
    kind,
    capabilities: {
      sharedTransactions: shares,
      singleConnection: capabilities.singleConnection,
      lendsOneConnection: driver.lendsOne,
      checkpoints: true,
    },
    driver: handle,
    ...(secrets === undefined ? {} : { secrets }),
    read: (key, after, declaration) =>
      withConnection(driver, (connection) => readLedger(connection, dialect, key, after, declaration)),
    columns: (key) => withConnection(driver, (connection) => columns(connection, dialect, key)),
    environments: (service, tenant) =>
      withConnection(driver, (connection) => environments(connection, dialect, service, tenant)),
    ledgers: () => withConnection(driver, (connection) => ledgers(connection, dialect)),
    initialise: () => withConnection(driver, (connection) => initialise(connection, dialect, options)),
    openSession: async () => new SqlAuditSession(dialect, await driver.connect()),
    ...(shares ? { within: (connection) => writerWithin(dialect, connection as SqlConnection) } : {}),
  };
}

function writerWithin(dialect: TableDialect, connection: SqlConnection): LedgerWriter {
  return new SqlLedgerWriter(
    dialect,
    () => connection,
    (open, statement) => open.send(statement),
  );
}

function columns(
  connection: SqlConnection,
  dialect: TableDialect,
  key: LedgerKey,
): Promise<readonly EntryColumns[]> {
  return withCodedErrors(connection, dialect, { tables: 'audit', action: 'read' }, async () => {
    const rows = await connection.send(dialect.statements.columns(key)).catch((error: unknown) => {
      if (dialect.errors.isMissingTable(error)) return [];
      throw error;
    });
    return rows.map((row) => ({
      sequence: integer(row, 'sequence'),
      kind: text(row, 'kind') ?? '',
      changeId: text(row, 'change_id'),
      state: text(row, 'state'),
      executionId: text(row, 'execution_id') ?? '',
      at: integer(row, 'recorded_at'),
    }));
  });
}

function environments(
  connection: SqlConnection,
  dialect: TableDialect,
  service: string,
  tenant: string,
): Promise<readonly string[]> {
  return withCodedErrors(connection, dialect, { tables: 'audit', action: 'read' }, async () => {
    try {
      const rows = await connection.send(dialect.statements.environments(service, tenant));
      return rows.map((row) => text(row, 'environment') ?? '');
    } catch (error) {
      if (dialect.errors.isMissingTable(error)) return [];
      throw error;
    }
  });
}

function ledgers(connection: SqlConnection, dialect: TableDialect): Promise<readonly LedgerKey[]> {
  return withCodedErrors(connection, dialect, { tables: 'audit', action: 'read' }, async () => {
    try {
      const rows = await connection.send(dialect.statements.ledgers());
      return rows.map((row) => ({
        service: text(row, 'service') ?? '',
        environment: text(row, 'environment') ?? '',
        tenant: text(row, 'tenant') ?? '',
      }));
    } catch (error) {
      if (dialect.errors.isMissingTable(error)) return [];
      throw error;
    }
  });
}

async function initialise(
  connection: SqlConnection,
  dialect: TableDialect,
  options: TableOptions,
): Promise<void> {
  await createTables(connection, dialect, 'audit', options);
  await withCodedErrors(connection, dialect, { tables: 'audit', action: 'read' }, async () => {
    const [row] = await connection.send(dialect.statements.version());
    assertSchemaVersion(integer(row, 'version'));
  });
}
