import type { SqlTables } from '../dialect/dialect.js';
import type { TableNames } from '../dialect/table-names.js';
import type { Statement } from '../driver/connection.js';
import { SCHEMA_VERSION } from '../store/schema-version.js';
import { LONGEST_ID } from './literal.js';

// Ids are bytes: every collation of these servers takes some texts for equal, if only for a blank at their end. `entry`
// is the very text that was hashed. Times are milliseconds since the epoch: no time zone has a say in them.
const ID = `varbinary(${LONGEST_ID})`;
const END = `) ENGINE = InnoDB, CHARACTER SET utf8mb4, COLLATE utf8mb4_bin, ROW_FORMAT = DYNAMIC`;

/**
 * The statements that create the tables, and nothing where they exist. Each commits by itself; so the table of the
 * version, which tells that the others are there, comes after them.
 */
export function mysqlTables(names: TableNames): SqlTables {
  const version = quoted(names, 'schema');
  return {
    takeTurns: [],
    audit: [
      plain(ledger(names)),
      plain(lock(names)),
      plain(checkpoint(names)),
      plain(
        `CREATE TABLE IF NOT EXISTS ${version} (\n  version int NOT NULL,\n  PRIMARY KEY (version)\n${END}`,
      ),
      plain(
        `INSERT IGNORE INTO ${version} (version) SELECT ${SCHEMA_VERSION} FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM ${version})`,
      ),
    ],
    fence: [plain(fence(names))],
  };
}

/** The names are identifiers, so that they need no quotes; these tell them from words of the language. */
export function quoted(names: TableNames, table: Parameters<TableNames['name']>[0]): string {
  return `\`${names.name(table)}\``;
}

/**
 * The key of an entry has a name of its own: a duplicate is told from one of another table's primary key, which some
 * trigger has raised. And a primary key there must be, because some servers insist on one.
 */
function ledger(names: TableNames): string {
  return `CREATE TABLE IF NOT EXISTS ${quoted(names, 'ledger')} (
  number bigint NOT NULL AUTO_INCREMENT,
  service ${ID} NOT NULL,
  tenant ${ID} NOT NULL,
  environment ${ID} NOT NULL,
  sequence bigint NOT NULL,
  kind varchar(64) NOT NULL,
  change_id text,
  state varchar(64),
  execution_id varchar(255) NOT NULL,
  recorded_at bigint NOT NULL,
  entry longtext NOT NULL,
  hash varchar(128) NOT NULL,
  PRIMARY KEY (number),
  UNIQUE KEY ${ledgerKey(names)} (service, tenant, environment, sequence)
${END}`;
}

/** The name of the ledger's own key. */
export function ledgerKey(names: TableNames): string {
  return `${names.name('ledger')}_key`;
}

function lock(names: TableNames): string {
  return `CREATE TABLE IF NOT EXISTS ${quoted(names, 'lock')} (
  service ${ID} NOT NULL,
  tenant ${ID} NOT NULL,
  environment ${ID} NOT NULL,
  owner varbinary(255),
  host text NOT NULL,
  process_id bigint NOT NULL,
  acquired_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  lease_ms bigint NOT NULL,
  highest_sequence bigint NOT NULL,
  took_over_from varbinary(255),
  complete_for varbinary(255),
  PRIMARY KEY (service, tenant, environment)
${END}`;
}

function checkpoint(names: TableNames): string {
  return `CREATE TABLE IF NOT EXISTS ${quoted(names, 'checkpoint')} (
  service ${ID} NOT NULL,
  tenant ${ID} NOT NULL,
  environment ${ID} NOT NULL,
  change_id ${ID} NOT NULL,
  claimed bigint NOT NULL,
  saved_by bigint NOT NULL DEFAULT 0,
  revision bigint NOT NULL DEFAULT 0,
  value longtext,
  PRIMARY KEY (service, tenant, environment, change_id)
${END}`;
}

function fence(names: TableNames): string {
  return `CREATE TABLE IF NOT EXISTS ${quoted(names, 'fence')} (
  service ${ID} NOT NULL,
  tenant ${ID} NOT NULL,
  environment ${ID} NOT NULL,
  claimed bigint NOT NULL,
  begun bigint NOT NULL DEFAULT 0,
  applied bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (service, tenant)
${END}`;
}

function plain(sql: string): Statement {
  return { sql, parameters: [] };
}
