import type { SqlStatements } from '../dialect/dialect.js';

/**
 * Milliseconds since the epoch, as an integer, on every version of SQLite. It is computed once for each
 * statement, after the statement has waited for its lock.
 */
const NOW = `CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)`;

const OF_LEDGER = 'service = ? AND tenant = ? AND environment = ?';

const READ = `
SELECT 2 AS part, entry AS text_1, hash AS text_2, sequence AS number_1, NULL AS number_2, NULL AS number_3, NULL AS number_4
  FROM flamingock_ledger WHERE ${OF_LEDGER} AND sequence > ?
UNION ALL
SELECT 1, owner, host, process_id, acquired_at, expires_at, highest_sequence
  FROM flamingock_lock WHERE ${OF_LEDGER} AND owner IS NOT NULL
UNION ALL
SELECT 0, NULL, NULL, max(version), ${NOW}, NULL, NULL FROM flamingock_schema
ORDER BY part, number_1`;

const PROBE = `SELECT count(*) AS known, ${NOW} AS now FROM sqlite_master WHERE type = 'table' AND name = 'flamingock_schema'`;

const APPEND = `INSERT INTO flamingock_ledger
  (service, tenant, environment, sequence, kind, change_id, state, execution_id, recorded_at, entry, hash)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

// The right sides see the row as it was before.
const ACQUIRE = `INSERT INTO flamingock_lock
  (service, tenant, environment, owner, host, process_id, acquired_at, expires_at, highest_sequence)
  VALUES (?, ?, ?, ?, ?, ?, ${NOW}, ${NOW} + ?, 0)
ON CONFLICT (service, tenant, environment) DO UPDATE SET
  owner = excluded.owner,
  host = excluded.host,
  process_id = excluded.process_id,
  acquired_at = excluded.acquired_at,
  expires_at = excluded.expires_at,
  took_over_from = nullif(owner, excluded.owner)
WHERE owner IS NULL OR owner = excluded.owner OR expires_at <= excluded.acquired_at
RETURNING acquired_at AS now, took_over_from`;

const RENEW = `UPDATE flamingock_lock SET expires_at = ${NOW} + ?, highest_sequence = max(highest_sequence, ?)
WHERE ${OF_LEDGER} AND owner = ?
RETURNING expires_at - ? AS now`;

const RELEASE = `UPDATE flamingock_lock SET owner = NULL, highest_sequence = max(highest_sequence, ?)
WHERE ${OF_LEDGER} AND owner = ?`;

const CLAIM = `INSERT INTO flamingock_fence (service, tenant, environment, claimed, applied) VALUES (?, ?, ?, ?, 0)
ON CONFLICT (service, tenant) DO UPDATE SET claimed = excluded.claimed
WHERE environment = excluded.environment AND claimed <= excluded.claimed
RETURNING applied`;

const ADVANCE = `UPDATE flamingock_fence SET applied = ? WHERE ${OF_LEDGER} AND claimed = ? RETURNING applied`;

export const sqliteStatements: SqlStatements = {
  read: (key, after) => ({ sql: READ, parameters: [...ledger(key), after, ...ledger(key)] }),
  probe: () => ({ sql: PROBE, parameters: [] }),
  version: () => ({ sql: 'SELECT max(version) AS version FROM flamingock_schema', parameters: [] }),
  environments: (service, tenant) => ({
    sql: 'SELECT DISTINCT environment FROM flamingock_ledger WHERE service = ? AND tenant = ? ORDER BY environment',
    parameters: [service, tenant],
  }),
  append: (key, { sequence, text, hash, entry }) => ({
    sql: APPEND,
    parameters: [
      ...ledger(key),
      sequence,
      entry.kind,
      entry.kind === 'run' ? null : entry.changeId,
      entry.kind === 'run' ? null : entry.state,
      entry.executionId,
      entry.at,
      text,
      hash,
    ],
  }),
  acquire: (key, { owner, host, processId, leaseMs }) => ({
    sql: ACQUIRE,
    parameters: [...ledger(key), owner, host, processId, leaseMs],
  }),
  renew: (key, { owner, leaseMs }, highestSequence) => ({
    sql: RENEW,
    parameters: [leaseMs, highestSequence, ...ledger(key), owner, leaseMs],
  }),
  release: (key, owner, highestSequence) => ({
    sql: RELEASE,
    parameters: [highestSequence, ...ledger(key), owner],
  }),
  claim: (key, token) => ({ sql: CLAIM, parameters: [...ledger(key), token] }),
  fence: ({ service, tenant }) => ({
    sql: 'SELECT environment, claimed FROM flamingock_fence WHERE service = ? AND tenant = ?',
    parameters: [service, tenant],
  }),
  endHolder: undefined,
  advance: ({ key, claimed, applied }) => ({ sql: ADVANCE, parameters: [applied, ...ledger(key), claimed] }),
};

function ledger(key: Parameters<SqlStatements['read']>[0]): readonly [string, string, string] {
  return [key.service, key.tenant, key.environment];
}
