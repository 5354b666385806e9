import { SCHEMA_VERSION } from '../store/schema-version.js';
import type { SqlTables } from '../dialect/dialect.js';
import type { Statement } from '../driver/connection.js';

// Not STRICT and without generated columns: an older `sqlite3` on a server must still be able to open a file
// that holds these tables beside the application's own. Text compares in binary by default.

const SCHEMA = `CREATE TABLE IF NOT EXISTS flamingock_schema (version INTEGER NOT NULL PRIMARY KEY)`;

const LEDGER = `CREATE TABLE IF NOT EXISTS flamingock_ledger (
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
  PRIMARY KEY (service, tenant, environment, sequence)
)`;

const LOCK = `CREATE TABLE IF NOT EXISTS flamingock_lock (
  service TEXT NOT NULL,
  tenant TEXT NOT NULL,
  environment TEXT NOT NULL,
  owner TEXT,
  host TEXT NOT NULL,
  process_id INTEGER NOT NULL,
  acquired_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  highest_sequence INTEGER NOT NULL,
  took_over_from TEXT,
  PRIMARY KEY (service, tenant, environment)
)`;

const FENCE = `CREATE TABLE IF NOT EXISTS flamingock_fence (
  service TEXT NOT NULL,
  tenant TEXT NOT NULL,
  environment TEXT NOT NULL,
  claimed INTEGER NOT NULL,
  applied INTEGER NOT NULL,
  PRIMARY KEY (service, tenant)
)`;

export const sqliteTables: SqlTables = {
  takeTurns: [],
  audit: [
    plain(SCHEMA),
    plain(
      `INSERT INTO flamingock_schema (version) SELECT ${SCHEMA_VERSION} WHERE NOT EXISTS (SELECT 1 FROM flamingock_schema)`,
    ),
    plain(LEDGER),
    plain(LOCK),
  ],
  fence: [plain(FENCE)],
};

function plain(sql: string): Statement {
  return { sql, parameters: [] };
}
