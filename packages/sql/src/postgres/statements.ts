import type { SqlStatements } from '../dialect/dialect.js';
import { shownFence } from '../dialect/shown-fence.js';
import type { TableNames } from '../dialect/table-names.js';
import { OWN_NAMES } from './engine-settings.js';
import { inlined } from './literal.js';
import { missingRights } from './rights.js';
import { sharedTurn } from './shared-turn.js';

type Text =
  Exclude<keyof SqlStatements, 'ownNames' | 'sharedTurn' | 'missingRights'> | 'claimExpecting' | 'readOn';

/** The server's clock at this moment, and not at the beginning of the transaction, in whole milliseconds. */
const NOW = `date_trunc('milliseconds', clock_timestamp())`;

const OF_LEDGER = 'service = $1 AND tenant = $2 AND environment = $3';

/** The statements for tables that have these names. */
export function postgresStatements(names: TableNames): SqlStatements {
  const text = textsOf(names);
  return {
    // With its values in the text: without parameters a message is planned and answered with less ado, and this is the
    // one that every start waits for.
    read: (key, after, declaration) => ({
      sql: inlined({
        sql: after === 0 ? text.read : text.readOn,
        parameters: [...ledger(key), after, declaration ?? null],
      }),
      parameters: [],
    }),
    probe: () => ({ sql: text.probe, parameters: [] }),
    version: () => ({ sql: text.version, parameters: [] }),
    environments: (service, tenant) => ({ sql: text.environments, parameters: [service, tenant] }),
    ledgers: () => ({ sql: text.ledgers, parameters: [] }),
    columns: (key) => ({ sql: text.columns, parameters: ledger(key) }),
    append: (key, { sequence, text: written, hash, entry }) => ({
      sql: text.append,
      parameters: [
        ...ledger(key),
        sequence,
        entry.kind,
        // The column is for people; what counts is the text, which holds no NUL.
        'changeId' in entry ? withoutNul(entry.changeId) : null,
        'state' in entry ? entry.state : null,
        entry.executionId,
        entry.at,
        written,
        hash,
      ],
    }),
    acquire: (key, { owner, host, processId, leaseMs }) => ({
      sql: text.acquire,
      parameters: [...ledger(key), owner, host, processId, leaseMs],
    }),
    renew: (key, { owner, leaseMs }, highestSequence) => ({
      sql: text.renew,
      parameters: [...ledger(key), owner, leaseMs, highestSequence],
    }),
    release: (key, owner, highestSequence, completeFor) => ({
      sql: text.release,
      parameters: [...ledger(key), owner, highestSequence, completeFor ?? null],
    }),
    claimCheckpoint: (key, changeId, sequence) => ({
      sql: text.claimCheckpoint,
      parameters: [...ledger(key), withoutNul(changeId), sequence],
    }),
    saveCheckpoint: (key, changeId, { sequence, revision, text: value }) => ({
      sql: text.saveCheckpoint,
      parameters: [...ledger(key), withoutNul(changeId), sequence, revision, value],
    }),
    claim: (key, token, expected) =>
      expected === 0
        ? { sql: text.claim, parameters: [...ledger(key), token] }
        : { sql: text.claimExpecting, parameters: [...ledger(key), token, expected] },
    fence: ({ service, tenant }) => ({ sql: text.fence, parameters: [service, tenant] }),
    adopt: ({ key, claimed, sequence }, shown) => ({
      sql: text.adopt,
      parameters: [
        key.service,
        key.tenant,
        ...shownFence(key, claimed, shown),
        key.environment,
        claimed,
        sequence,
      ],
    }),
    begun: ({ key, claimed, sequence }) => ({
      sql: text.begun,
      parameters: [...ledger(key), claimed, sequence],
    }),
    applied: ({ key, claimed, sequence }) => ({
      sql: text.applied,
      parameters: [...ledger(key), claimed, sequence],
    }),
    endHolder: ({ service, tenant }, token) => ({
      sql: text.endHolder,
      parameters: [service, tenant, token],
    }),
    ownNames: OWN_NAMES,
    sharedTurn: sharedTurn(names),
    missingRights: (purpose) => missingRights(names, purpose),
  };
}

/** Made once for each store and target. */
function textsOf(names: TableNames): Readonly<Record<Text, string>> {
  const [version, ledgerTable] = [names.quoted('schema'), names.quoted('ledger')];
  const [lock, fence] = [names.quoted('lock'), names.quoted('fence')];
  const checkpoint = names.quoted('checkpoint');
  const reading = (preceding: string): string => `WITH complete AS (
  SELECT FROM ${lock} WHERE ${OF_LEDGER} AND complete_for = $5
    AND (highest_sequence, highest_sequence) = (SELECT count(*), max(sequence) FROM ${ledgerTable} WHERE ${OF_LEDGER})
)
SELECT 2 AS part, entry AS text_1, hash AS text_2, sequence AS number_1, NULL::bigint AS number_2, NULL::bigint AS number_3, NULL::bigint AS number_4, NULL::bigint AS number_5
  FROM ${ledgerTable} WHERE ${OF_LEDGER} AND sequence > $4 AND NOT EXISTS (SELECT FROM complete)
UNION ALL
SELECT 1, owner, host, process_id, ${epochMs('acquired_at')}, ${epochMs('expires_at')}, highest_sequence, lease_ms
  FROM ${lock} WHERE ${OF_LEDGER}
UNION ALL
SELECT 0, NULL, NULL, (SELECT version FROM ${version} ORDER BY version DESC LIMIT 1), ${epochMs(NOW)},
  (EXISTS (SELECT FROM complete))::integer, ${preceding}, NULL
ORDER BY part, number_1`;
  return {
    read: reading('0::bigint'),

    readOn: reading(`(SELECT count(*) FROM ${ledgerTable} WHERE ${OF_LEDGER} AND sequence <= $4)`),

    probe: `SELECT (to_regclass('${version}') IS NOT NULL)::integer AS known, ${epochMs(NOW)} AS now`,

    version: `SELECT max(version) AS version FROM ${version}`,

    environments: `SELECT DISTINCT environment FROM ${ledgerTable}
WHERE service = $1 AND (tenant = $2 OR NOT EXISTS (SELECT FROM ${ledgerTable} WHERE service = $1 AND tenant = $2))
ORDER BY environment`,

    ledgers: `SELECT DISTINCT service, tenant, environment FROM ${ledgerTable}`,

    columns: `SELECT sequence, kind, change_id, state, execution_id, ${epochMs('recorded_at')} AS recorded_at
  FROM ${ledgerTable} WHERE ${OF_LEDGER} ORDER BY sequence`,

    append: `INSERT INTO ${ledgerTable}
  (service, tenant, environment, sequence, kind, change_id, state, execution_id, recorded_at, entry, hash)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, to_timestamp($9::numeric / 1000), $10, $11)`,

    // The right sides see the row as it was before. The clock is read once: the lease ends when its owner was told.
    acquire: `INSERT INTO ${lock} AS held
  (service, tenant, environment, owner, host, process_id, acquired_at, expires_at, lease_ms, highest_sequence)
SELECT $1, $2, $3, $4, $5, $6, clock.now, clock.now + $7::bigint * interval '1 millisecond', $7::bigint, 0
  FROM (SELECT ${NOW} AS now) AS clock
ON CONFLICT (service, tenant, environment) DO UPDATE SET
  owner = excluded.owner,
  host = excluded.host,
  process_id = excluded.process_id,
  acquired_at = excluded.acquired_at,
  expires_at = excluded.expires_at,
  lease_ms = excluded.lease_ms,
  took_over_from = nullif(held.owner, excluded.owner),
  complete_for = NULL
WHERE held.owner IS NULL OR held.owner = excluded.owner OR held.expires_at <= excluded.acquired_at
RETURNING ${epochMs('acquired_at')} AS now, took_over_from`,

    renew: `UPDATE ${lock}
SET expires_at = ${NOW} + $5::bigint * interval '1 millisecond', lease_ms = $5::bigint, highest_sequence = greatest(highest_sequence, $6)
WHERE ${OF_LEDGER} AND owner = $4
RETURNING ${epochMs('expires_at')} - lease_ms AS now`,

    release: `UPDATE ${lock} SET owner = NULL, highest_sequence = greatest(highest_sequence, $5), complete_for = $6
WHERE ${OF_LEDGER} AND owner = $4`,

    claimCheckpoint: `INSERT INTO ${checkpoint} AS held (service, tenant, environment, change_id, claimed)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (service, tenant, environment, change_id) DO UPDATE SET
  claimed = excluded.claimed,
  revision = CASE WHEN held.claimed = excluded.claimed THEN held.revision ELSE 0 END
WHERE held.claimed <= excluded.claimed
RETURNING saved_by, value`,

    saveCheckpoint: `UPDATE ${checkpoint} SET
  value = CASE WHEN revision <= $6 THEN $7 ELSE value END,
  revision = greatest(revision, $6),
  saved_by = claimed
WHERE ${OF_LEDGER} AND change_id = $4 AND claimed = $5
RETURNING saved_by`,

    claim: `INSERT INTO ${fence} AS held (service, tenant, environment, claimed)
VALUES ($1, $2, $3, $4)
ON CONFLICT (service, tenant) DO UPDATE SET claimed = excluded.claimed
WHERE held.environment = excluded.environment AND held.claimed <= excluded.claimed
RETURNING begun, applied`,

    claimExpecting: `UPDATE ${fence} SET claimed = $4
WHERE ${OF_LEDGER} AND claimed <= $4 AND applied >= $5
RETURNING begun, applied`,

    fence: `SELECT environment, claimed, begun, applied FROM ${fence} WHERE service = $1 AND tenant = $2`,

    adopt: `UPDATE ${fence} SET environment = $5, claimed = $6, begun = $7, applied = $7
WHERE service = $1 AND tenant = $2 AND environment = $3 AND claimed = coalesce($4, claimed)
RETURNING applied`,

    begun: `UPDATE ${fence} SET begun = $5 WHERE ${OF_LEDGER} AND claimed = $4 RETURNING begun`,

    applied: `UPDATE ${fence} SET applied = $5 WHERE ${OF_LEDGER} AND claimed = $4`,

    // While a transaction is open that has updated the row, `xmax` of the version that others see is its number, and its
    // backend holds a lock on that number: so it is found whichever connection it was begun on, also behind a pooler.
    endHolder: `SELECT pg_terminate_backend(holder.pid)
FROM ${fence} AS fence
JOIN pg_locks AS holder ON holder.locktype = 'transactionid' AND holder.transactionid = fence.xmax
WHERE fence.service = $1 AND fence.tenant = $2 AND fence.claimed <= $3
  AND holder.granted AND holder.mode = 'ExclusiveLock' AND holder.pid <> pg_backend_pid()`,
  };
}

/** A time as milliseconds since the epoch, whatever time zone the session has. */
function epochMs(time: string): string {
  return `(extract(epoch FROM ${time}) * 1000)::bigint`;
}

function ledger(key: Parameters<SqlStatements['read']>[0]): readonly [string, string, string] {
  return [key.service, key.tenant, key.environment];
}

/** No text of PostgreSQL can hold it. */
function withoutNul(id: string): string {
  return id.replaceAll('\0', '');
}
