import type { SqlTables } from '../dialect/dialect.js';
import type { Statement } from '../driver/connection.js';
import { SCHEMA_VERSION } from '../store/schema-version.js';

/** The constraint whose violation means that another run has written the entry. */
export const LEDGER_KEY = 'flamingock_ledger_key';

// Of concurrent CREATE TABLE IF NOT EXISTS all but one may fail, with any of several errors; so they take turns. The
// lock belongs to the transaction, as poolers need it, and its number means nothing to anybody else.
const TAKE_TURNS = `SELECT pg_advisory_xact_lock(hashtext('flamingock'), hashtext(current_database()))`;

// Ids compare in binary, whatever collation the database has. `entry` is the very text that was hashed.
const SCHEMA = `CREATE TABLE IF NOT EXISTS flamingock_schema (version integer NOT NULL PRIMARY KEY)`;

const LEDGER = `CREATE TABLE IF NOT EXISTS flamingock_ledger (
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
  CONSTRAINT ${LEDGER_KEY} PRIMARY KEY (service, tenant, environment, sequence)
)`;

const LOCK = `CREATE TABLE IF NOT EXISTS flamingock_lock (
  service text COLLATE "C" NOT NULL,
  tenant text COLLATE "C" NOT NULL,
  environment text COLLATE "C" NOT NULL,
  owner text COLLATE "C",
  host text NOT NULL,
  process_id bigint NOT NULL,
  acquired_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  highest_sequence bigint NOT NULL,
  took_over_from text,
  PRIMARY KEY (service, tenant, environment)
)`;

const FENCE = `CREATE TABLE IF NOT EXISTS flamingock_fence (
  service text COLLATE "C" NOT NULL,
  tenant text COLLATE "C" NOT NULL,
  environment text COLLATE "C" NOT NULL,
  claimed bigint NOT NULL,
  applied bigint NOT NULL,
  PRIMARY KEY (service, tenant)
)`;

export const postgresTables: SqlTables = {
  takeTurns: [plain(TAKE_TURNS)],
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
