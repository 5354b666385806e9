import { SCHEMA_VERSION } from '../store/schema-version.js';
import type { SqlTables } from '../dialect/dialect.js';
import type { TableNames } from '../dialect/table-names.js';
import type { Statement } from '../driver/connection.js';

// Not STRICT and without generated columns: an older `sqlite3` on a server must still be able to open a file
// that holds these tables beside the application's own. Text compares in binary by default.

/** The statements that create the tables, and nothing where they exist. */
export function sqliteTables(names: TableNames): SqlTables {
  const version = names.quoted('schema');
  return {
    takeTurns: [],
    audit: [
      plain(`CREATE TABLE IF NOT EXISTS ${version} (version INTEGER NOT NULL PRIMARY KEY)`),
      plain(
        `INSERT INTO ${version} (version) SELECT ${SCHEMA_VERSION} WHERE NOT EXISTS (SELECT 1 FROM ${version})`,
      ),
      plain(ledger(names)),
      plain(lock(names)),
      plain(checkpoint(names)),
    ],
    fence: [plain(fence(names))],
  };
}

function ledger(names: TableNames): string {
  return `CREATE TABLE IF NOT EXISTS ${names.quoted('ledger')} (
  service TEXT NOT NULL,
  tenant TEXT NOT NULL,
  environment TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  kind TEXT NOT NULL,
  change_id TEXT,
  state TEXT,
  execution_id TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  entry TEXT NOT NULL,
  hash TEXT NOT NULL,
  CONSTRAINT ${names.key('ledger')} PRIMARY KEY (service, tenant, environment, sequence)
)`;
}

function lock(names: TableNames): string {
  return `CREATE TABLE IF NOT EXISTS ${names.quoted('lock')} (
  service TEXT NOT NULL,
  tenant TEXT NOT NULL,
  environment TEXT NOT NULL,
  owner TEXT,
  host TEXT NOT NULL,
  process_id INTEGER NOT NULL,
  acquired_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  lease_ms INTEGER NOT NULL,
  highest_sequence INTEGER NOT NULL,
  took_over_from TEXT,
  complete_for TEXT,
  CONSTRAINT ${names.key('lock')} PRIMARY KEY (service, tenant, environment)
)`;
}

function checkpoint(names: TableNames): string {
  return `CREATE TABLE IF NOT EXISTS ${names.quoted('checkpoint')} (
  service TEXT NOT NULL,
  tenant TEXT NOT NULL,
  environment TEXT NOT NULL,
  change_id TEXT NOT NULL,
  claimed INTEGER NOT NULL,
  saved_by INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 0,
  value TEXT,
  CONSTRAINT ${names.key('checkpoint')} PRIMARY KEY (service, tenant, environment, change_id)
)`;
}

function fence(names: TableNames): string {
  return `CREATE TABLE IF NOT EXISTS ${names.quoted('fence')} (
  service TEXT NOT NULL,
  tenant TEXT NOT NULL,
  environment TEXT NOT NULL,
  claimed INTEGER NOT NULL,
  begun INTEGER NOT NULL DEFAULT 0,
  applied INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT ${names.key('fence')} PRIMARY KEY (service, tenant)
)`;
}

function plain(sql: string): Statement {
  return { sql, parameters: [] };
}
