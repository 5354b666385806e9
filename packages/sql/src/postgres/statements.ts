import type { SqlStatements } from '../dialect/dialect.js';

/** The server's clock at this moment, and not at the beginning of the transaction, in whole milliseconds. */
const NOW = `date_trunc('milliseconds', clock_timestamp())`;

const OF_LEDGER = 'service = $1 AND tenant = $2 AND environment = $3';

const READ = `
SELECT 2 AS part, entry AS text_1, hash AS text_2, sequence AS number_1, NULL::bigint AS number_2, NULL::bigint AS number_3, NULL::bigint AS number_4
  FROM flamingock_ledger WHERE ${OF_LEDGER} AND sequence > $4
UNION ALL
SELECT 1, owner, host, process_id, ${epochMs('acquired_at')}, ${epochMs('expires_at')}, highest_sequence
  FROM flamingock_lock WHERE ${OF_LEDGER} AND owner IS NOT NULL
UNION ALL
SELECT 0, NULL, NULL, (SELECT max(version) FROM flamingock_schema), ${epochMs(NOW)}, NULL, NULL
ORDER BY part, number_1`;

const PROBE = `SELECT (to_regclass('flamingock_schema') IS NOT NULL)::integer AS known, ${epochMs(NOW)} AS now`;

const APPEND = `INSERT INTO flamingock_ledger
  (service, tenant, environment, sequence, kind, change_id, state, execution_id, recorded_at, entry, hash)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, to_timestamp($9::numeric / 1000), $10, $11)`;

// The right sides see the row as it was before. The clock is read once: the lease ends when its owner was told.
const ACQUIRE = `INSERT INTO flamingock_lock AS held
  (service, tenant, environment, owner, host, process_id, acquired_at, expires_at, highest_sequence)
SELECT $1, $2, $3, $4, $5, $6, clock.now, clock.now + $7 * interval '1 millisecond', 0
  FROM (SELECT ${NOW} AS now) AS clock
ON CONFLICT (service, tenant, environment) DO UPDATE SET
  owner = excluded.owner,
  host = excluded.host,
  process_id = excluded.process_id,
  acquired_at = excluded.acquired_at,
  expires_at = excluded.expires_at,
  took_over_from = nullif(held.owner, excluded.owner)
WHERE held.owner IS NULL OR held.owner = excluded.owner OR held.expires_at <= excluded.acquired_at
RETURNING ${epochMs('acquired_at')} AS now, took_over_from`;

const RENEW = `UPDATE flamingock_lock
SET expires_at = ${NOW} + $5 * interval '1 millisecond', highest_sequence = greatest(highest_sequence, $6)
WHERE ${OF_LEDGER} AND owner = $4
RETURNING ${epochMs('expires_at')} - $5 AS now`;

const RELEASE = `UPDATE flamingock_lock SET owner = NULL, highest_sequence = greatest(highest_sequence, $5)
WHERE ${OF_LEDGER} AND owner = $4`;

const CLAIM = `INSERT INTO flamingock_fence AS held (service, tenant, environment, claimed, applied)
VALUES ($1, $2, $3, $4, 0)
ON CONFLICT (service, tenant) DO UPDATE SET claimed = excluded.claimed
WHERE held.environment = excluded.environment AND held.claimed <= excluded.claimed
RETURNING applied`;

const ADVANCE = `UPDATE flamingock_fence SET applied = $5 WHERE ${OF_LEDGER} AND claimed = $4 RETURNING applied`;

// While a transaction is open that has updated the row, `xmax` of the version that others see is its number, and its
// backend holds a lock on that number: so it is found whichever connection it was begun on, also behind a pooler.
const END_HOLDER = `SELECT pg_terminate_backend(holder.pid)
FROM flamingock_fence AS fence
JOIN pg_locks AS holder ON holder.locktype = 'transactionid' AND holder.transactionid = fence.xmax
WHERE fence.service = $1 AND fence.tenant = $2 AND fence.claimed <= $3
  AND holder.granted AND holder.mode = 'ExclusiveLock' AND holder.pid <> pg_backend_pid()`;

export const postgresStatements: SqlStatements = {
  read: (key, after) => ({ sql: READ, parameters: [...ledger(key), after] }),
  probe: () => ({ sql: PROBE, parameters: [] }),
  version: () => ({ sql: 'SELECT max(version) AS version FROM flamingock_schema', parameters: [] }),
  environments: (service, tenant) => ({
    sql: 'SELECT DISTINCT environment FROM flamingock_ledger WHERE service = $1 AND tenant = $2 ORDER BY environment',
    parameters: [service, tenant],
  }),
  append: (key, { sequence, text, hash, entry }) => ({
    sql: APPEND,
    parameters: [
      ...ledger(key),
      sequence,
      entry.kind,
      // The column is for people; what counts is the text, which holds no NUL.
      entry.kind === 'run' ? null : entry.changeId.replaceAll('\0', ''),
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
    parameters: [...ledger(key), owner, leaseMs, highestSequence],
  }),
  release: (key, owner, highestSequence) => ({
    sql: RELEASE,
    parameters: [...ledger(key), owner, highestSequence],
  }),
  claim: (key, token) => ({ sql: CLAIM, parameters: [...ledger(key), token] }),
  fence: ({ service, tenant }) => ({
    sql: 'SELECT environment, claimed FROM flamingock_fence WHERE service = $1 AND tenant = $2',
    parameters: [service, tenant],
  }),
  advance: ({ key, claimed, applied }) => ({ sql: ADVANCE, parameters: [...ledger(key), claimed, applied] }),
  endHolder: ({ service, tenant }, token) => ({ sql: END_HOLDER, parameters: [service, tenant, token] }),
};

/** A time as milliseconds since the epoch, whatever time zone the session has. */
function epochMs(time: string): string {
  return `(extract(epoch FROM ${time}) * 1000)::bigint`;
}

function ledger(key: Parameters<SqlStatements['read']>[0]): readonly [string, string, string] {
  return [key.service, key.tenant, key.environment];
}
