import type { SqlTables } from '../dialect/dialect.js';
import type { TableNames } from '../dialect/table-names.js';
import type { Statement } from '../driver/connection.js';
import { SCHEMA_VERSION } from '../store/schema-version.js';

// Of concurrent CREATE TABLE IF NOT EXISTS all but one may fail, with any of several errors; so they take turns. The
// lock belongs to the transaction, as poolers need it, and its number means nothing to anybody else.
const TAKE_TURNS = `SELECT pg_advisory_xact_lock(hashtext('flamingock'), hashtext(current_database()))`;

/** The statements that create the tables, and nothing where they exist. */
export function postgresTables(names: TableNames): SqlTables {
  const version = names.quoted('schema');
  return {
    takeTurns: [plain(TAKE_TURNS)],
    audit: [
      plain(
        `CREATE TABLE IF NOT EXISTS ${version} (\n  version integer NOT NULL,\n  CONSTRAINT ${names.key('schema')} PRIMARY KEY (version)\n)`,
      ),
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

// Ids compare in binary, whatever collation the database has. `entry` is the very text that was hashed.
function ledger(names: TableNames): string {
  return `CREATE TABLE IF NOT EXISTS ${names.quoted('ledger')} (
  service text COLLATE "C" NOT NULL,
  tenant text COLLATE "C" NOT NULL,
  environment text COLLATE "C" NOT NULL,
  sequence bigint NOT NULL,
  kind text NOT NULL,
  change_id text COLLATE "C",
  state text,
  execution_id text NOT NULL,
  recorded_at timestamptz NOT NULL,
  entry text NOT NULL,
  hash text NOT NULL,
  CONSTRAINT ${names.key('ledger')} PRIMARY KEY (service, tenant, environment, sequence)
)`;
}

function lock(names: TableNames): string {
  return `CREATE TABLE IF NOT EXISTS ${names.quoted('lock')} (
  service text COLLATE "C" NOT NULL,
  tenant text COLLATE "C" NOT NULL,
  environment text COLLATE "C" NOT NULL,
  owner text COLLATE "C",
  host text NOT NULL,
  process_id bigint NOT NULL,
  acquired_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  lease_ms bigint NOT NULL,
  highest_sequence bigint NOT NULL,
  took_over_from text,
  complete_for text,
  CONSTRAINT ${names.key('lock')} PRIMARY KEY (service, tenant, environment)
)`;
}

function checkpoint(names: TableNames): string {
  return `CREATE TABLE IF NOT EXISTS ${names.quoted('checkpoint')} (
  service text COLLATE "C" NOT NULL,
  tenant text COLLATE "C" NOT NULL,
  environment text COLLATE "C" NOT NULL,
  change_id text COLLATE "C" NOT NULL,
  claimed bigint NOT NULL,
  saved_by bigint NOT NULL DEFAULT 0,
  revision bigint NOT NULL DEFAULT 0,
  value text,
  CONSTRAINT ${names.key('checkpoint')} PRIMARY KEY (service, tenant, environment, change_id)
)`;
}

function fence(names: TableNames): string {
  return `CREATE TABLE IF NOT EXISTS ${names.quoted('fence')} (
  service text COLLATE "C" NOT NULL,
  tenant text COLLATE "C" NOT NULL,
  environment text COLLATE "C" NOT NULL,
  claimed bigint NOT NULL,
  begun bigint NOT NULL DEFAULT 0,
  applied bigint NOT NULL DEFAULT 0,
  CONSTRAINT ${names.key('fence')} PRIMARY KEY (service, tenant)
)`;
}

function plain(sql: string): Statement {
  return { sql, parameters: [] };
}
