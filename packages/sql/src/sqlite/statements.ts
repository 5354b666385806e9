import type { SqlStatements } from '../dialect/dialect.js';
import { shownFence } from '../dialect/shown-fence.js';
import type { TableNames } from '../dialect/table-names.js';

type Text =
  Exclude<keyof SqlStatements, 'endHolder' | 'ownNames' | 'sharedTurn' | 'missingRights'> | 'claimExpecting';

/**
 * Milliseconds since the epoch, as an integer, on every version of SQLite. It is computed once for each
 * statement, after the statement has waited for its lock.
 */
const NOW = `CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)`;

const OF_LEDGER = 'service = ? AND tenant = ? AND environment = ?';

/** The statements for tables that have these names. */
export function sqliteStatements(names: TableNames): SqlStatements {
  const text = textsOf(names);
  return {
    read: (key, after, declaration) => ({
      sql: text.read,
      parameters: [
        ...ledger(key),
        declaration ?? null,
        ...ledger(key),
        ...ledger(key),
        after,
        ...ledger(key),
        ...ledger(key),
        after,
      ],
    }),
    probe: () => ({ sql: text.probe, parameters: [names.name('schema')] }),
    version: () => ({ sql: text.version, parameters: [] }),
    environments: (service, tenant) => ({
      sql: text.environments,
      parameters: [service, tenant, service, tenant],
    }),
    ledgers: () => ({ sql: text.ledgers, parameters: [] }),
    columns: (key) => ({ sql: text.columns, parameters: ledger(key) }),
    append: (key, { sequence, text: written, hash, entry }) => ({
      sql: text.append,
      parameters: [
        ...ledger(key),
        sequence,
        entry.kind,
        'changeId' in entry ? entry.changeId : null,
        'state' in entry ? entry.state : null,
        entry.executionId,
        entry.at,
        written,
        hash,
      ],
    }),
    acquire: (key, { owner, host, processId, leaseMs }) => ({
      sql: text.acquire,
      parameters: [...ledger(key), owner, host, processId, leaseMs, leaseMs],
    }),
    renew: (key, { owner, leaseMs }, highestSequence) => ({
      sql: text.renew,
      parameters: [leaseMs, leaseMs, highestSequence, ...ledger(key), owner],
    }),
    release: (key, owner, highestSequence, completeFor) => ({
      sql: text.release,
      parameters: [highestSequence, completeFor ?? null, ...ledger(key), owner],
    }),
    claimCheckpoint: (key, changeId, sequence) => ({
      sql: text.claimCheckpoint,
      parameters: [...ledger(key), changeId, sequence],
    }),
    saveCheckpoint: (key, changeId, { sequence, revision, text: value }) => ({
      sql: text.saveCheckpoint,
      parameters: [revision, value, revision, ...ledger(key), changeId, sequence],
    }),
    claim: (key, token, expected) =>
      expected === 0
        ? { sql: text.claim, parameters: [...ledger(key), token] }
        : { sql: text.claimExpecting, parameters: [token, ...ledger(key), token, expected] },
    fence: ({ service, tenant }) => ({ sql: text.fence, parameters: [service, tenant] }),
    adopt: ({ key, claimed, sequence }, shown) => ({
      sql: text.adopt,
      parameters: [
        key.environment,
        claimed,
        sequence,
        sequence,
        key.service,
        key.tenant,
        ...shownFence(key, claimed, shown),
      ],
    }),
    begun: ({ key, claimed, sequence }) => ({
      sql: text.begun,
      parameters: [sequence, ...ledger(key), claimed],
    }),
    applied: ({ key, claimed, sequence }) => ({
      sql: text.applied,
      parameters: [sequence, ...ledger(key), claimed],
    }),
    endHolder: undefined,
    ownNames: undefined,
    sharedTurn: undefined,
    missingRights: undefined,
  };
}

/** Made once for each store and target. */
function textsOf(names: TableNames): Readonly<Record<Text, string>> {
  const [version, ledgerTable] = [names.quoted('schema'), names.quoted('ledger')];
  const [lock, fence] = [names.quoted('lock'), names.quoted('fence')];
  const checkpoint = names.quoted('checkpoint');
  return {
    read: `WITH complete AS (
  SELECT 1 FROM ${lock} WHERE ${OF_LEDGER} AND complete_for = ?
    AND (highest_sequence, highest_sequence) = (SELECT count(*), max(sequence) FROM ${ledgerTable} WHERE ${OF_LEDGER})
)
SELECT 2 AS part, entry AS text_1, hash AS text_2, sequence AS number_1, NULL AS number_2, NULL AS number_3, NULL AS number_4, NULL AS number_5
  FROM ${ledgerTable} WHERE ${OF_LEDGER} AND sequence > ? AND NOT EXISTS (SELECT 1 FROM complete)
UNION ALL
SELECT 1, owner, host, process_id, acquired_at, expires_at, highest_sequence, lease_ms
  FROM ${lock} WHERE ${OF_LEDGER}
UNION ALL
SELECT 0, NULL, NULL, max(version), ${NOW}, EXISTS (SELECT 1 FROM complete),
  (SELECT count(*) FROM ${ledgerTable} WHERE ${OF_LEDGER} AND sequence <= ?), NULL FROM ${version}
ORDER BY part, number_1`,

    probe: `SELECT count(*) AS known, ${NOW} AS now FROM sqlite_master WHERE type = 'table' AND name = ?`,

    version: `SELECT max(version) AS version FROM ${version}`,

    environments: `SELECT DISTINCT environment FROM ${ledgerTable}
WHERE service = ? AND (tenant = ? OR NOT EXISTS (SELECT 1 FROM ${ledgerTable} WHERE service = ? AND tenant = ?))
ORDER BY environment`,

    ledgers: `SELECT DISTINCT service, tenant, environment FROM ${ledgerTable}`,

    columns: `SELECT sequence, kind, change_id, state, execution_id, recorded_at
  FROM ${ledgerTable} WHERE ${OF_LEDGER} ORDER BY sequence`,

    append: `INSERT INTO ${ledgerTable}
  (service, tenant, environment, sequence, kind, change_id, state, execution_id, recorded_at, entry, hash)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,

    // The right sides see the row as it was before.
    acquire: `INSERT INTO ${lock}
  (service, tenant, environment, owner, host, process_id, acquired_at, expires_at, lease_ms, highest_sequence)
  VALUES (?, ?, ?, ?, ?, ?, ${NOW}, ${NOW} + ?, ?, 0)
ON CONFLICT (service, tenant, environment) DO UPDATE SET
  owner = excluded.owner,
  host = excluded.host,
  process_id = excluded.process_id,
  acquired_at = excluded.acquired_at,
  expires_at = excluded.expires_at,
  lease_ms = excluded.lease_ms,
  took_over_from = nullif(owner, excluded.owner),
  complete_for = NULL
WHERE owner IS NULL OR owner = excluded.owner OR expires_at <= excluded.acquired_at
RETURNING acquired_at AS now, took_over_from`,

    renew: `UPDATE ${lock} SET expires_at = ${NOW} + ?, lease_ms = ?, highest_sequence = max(highest_sequence, ?)
WHERE ${OF_LEDGER} AND owner = ?
RETURNING expires_at - lease_ms AS now`,

    release: `UPDATE ${lock} SET owner = NULL, highest_sequence = max(highest_sequence, ?), complete_for = ?
WHERE ${OF_LEDGER} AND owner = ?`,

    claimCheckpoint: `INSERT INTO ${checkpoint} (service, tenant, environment, change_id, claimed)
VALUES (?, ?, ?, ?, ?)
ON CONFLICT (service, tenant, environment, change_id) DO UPDATE SET
  claimed = excluded.claimed,
  revision = CASE WHEN claimed = excluded.claimed THEN revision ELSE 0 END
WHERE claimed <= excluded.claimed
RETURNING saved_by, value`,

    saveCheckpoint: `UPDATE ${checkpoint} SET
  value = CASE WHEN revision <= ? THEN ? ELSE value END,
  revision = max(revision, ?),
  saved_by = claimed
WHERE ${OF_LEDGER} AND change_id = ? AND claimed = ?
RETURNING saved_by`,

    claim: `INSERT INTO ${fence} (service, tenant, environment, claimed) VALUES (?, ?, ?, ?)
ON CONFLICT (service, tenant) DO UPDATE SET claimed = excluded.claimed
WHERE environment = excluded.environment AND claimed <= excluded.claimed
RETURNING begun, applied`,

    claimExpecting: `UPDATE ${fence} SET claimed = ?
WHERE ${OF_LEDGER} AND claimed <= ? AND applied >= ?
RETURNING begun, applied`,

    fence: `SELECT environment, claimed, begun, applied FROM ${fence} WHERE service = ? AND tenant = ?`,

    adopt: `UPDATE ${fence} SET environment = ?, claimed = ?, begun = ?, applied = ?
WHERE service = ? AND tenant = ? AND environment = ? AND claimed = coalesce(?, claimed)
RETURNING applied`,

    begun: `UPDATE ${fence} SET begun = ? WHERE ${OF_LEDGER} AND claimed = ? RETURNING begun`,

    applied: `UPDATE ${fence} SET applied = ? WHERE ${OF_LEDGER} AND claimed = ?`,
  };
}

function ledger(key: Parameters<SqlStatements['read']>[0]): readonly [string, string, string] {
  return [key.service, key.tenant, key.environment];
}
