import type { SqlStatements } from '../dialect/dialect.js';
import { shownFence } from '../dialect/shown-fence.js';
import type { TableNames } from '../dialect/table-names.js';
import type { Statement } from '../driver/connection.js';
import { quoted } from './ddl.js';
import { fitting, inlined } from './literal.js';
import { missingRights } from './rights.js';

/**
 * Milliseconds since the epoch, of the server and at the beginning of the statement, whatever time zone the session has.
 * A statement that has waited for a row judges by a time that has passed: so it takes no lease too early, and promises
 * none for too long.
 */
const NOW = `(TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000)`;

/**
 * Whether the session lets the ledger be kept: 1, nothing is committed by itself; 2, `timestamp` was fixed more than two hours
 * away from the server's time, with which the clock stands still. The server tells that time in the session's time zone
 * alone, and a change between summer and winter time may come in the middle of the statement: it moves less than that.
 */
const UNFIT = `CASE WHEN @@autocommit = 0 THEN 1
  WHEN ABS(TIMESTAMPDIFF(SECOND, CURRENT_TIMESTAMP, SYSDATE())) > 7200 THEN 2 END`;

const OF_LEDGER = 'service = $1 AND tenant = $2 AND environment = $3';

/** Nothing here returns the row that was written, and the count of changed rows leaves out what was so already. */
const AS_WRITTEN = 'LOCK IN SHARE MODE';

type Key = Parameters<SqlStatements['read']>[0];

/** The statements for tables that have these names. */
export function mysqlStatements(names: TableNames): SqlStatements {
  const [version, ledgerTable] = [quoted(names, 'schema'), quoted(names, 'ledger')];
  const [lock, fence, checkpoint] = [
    quoted(names, 'lock'),
    quoted(names, 'fence'),
    quoted(names, 'checkpoint'),
  ];
  const reading = readingOf(version, ledgerTable, lock, '0');
  const preceding = `(SELECT COUNT(*) FROM ${ledgerTable} WHERE ${OF_LEDGER} AND sequence <= $4)`;
  const readingOn = readingOf(version, ledgerTable, lock, preceding);
  const acquiring = acquiringOf(lock);
  return {
    read: (key, after, declaration) =>
      inlined(after === 0 ? reading : readingOn, [...ledger(key), after, declaration ?? null]),
    probe: () =>
      plain(`SELECT COUNT(*) AS known, ${NOW} AS now FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_name = '${names.name('schema')}'`),
    version: () => plain(`SELECT MAX(version) AS version FROM ${version}`),
    environments: (service, tenant) =>
      inlined(
        `SELECT DISTINCT environment FROM ${ledgerTable}
WHERE service = $1 AND (tenant = $2 OR NOT EXISTS (SELECT 1 FROM ${ledgerTable} WHERE service = $1 AND tenant = $2))
ORDER BY environment`,
        [fitting(service), fitting(tenant)],
      ),
    ledgers: () => plain(`SELECT DISTINCT service, tenant, environment FROM ${ledgerTable}`),
    columns: (key) =>
      inlined(
        `SELECT sequence, kind, ${bytes('change_id')} AS change_id, state, ${bytes('execution_id')} AS execution_id, recorded_at
  FROM ${ledgerTable} WHERE ${OF_LEDGER} ORDER BY sequence`,
        ledger(key),
      ),
    append: (key, { sequence, text, hash, entry }) =>
      inlined(
        `INSERT INTO ${ledgerTable}
  (service, tenant, environment, sequence, kind, change_id, state, execution_id, recorded_at, entry, hash)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
        [
          ...ledger(key),
          sequence,
          entry.kind,
          'changeId' in entry ? entry.changeId : null,
          'state' in entry ? entry.state : null,
          entry.executionId,
          entry.at,
          text,
          hash,
        ],
      ),
    acquire: (key, { owner, host, processId, leaseMs }) => ({
      ...inlined(acquiring, [...ledger(key), owner, host, processId, leaseMs]),
      answer: inlined(
        `SELECT acquired_at AS now, took_over_from FROM ${lock} WHERE ${OF_LEDGER} AND owner = $4 ${AS_WRITTEN}`,
        [...ledger(key), owner],
      ),
    }),
    renew: (key, { owner, leaseMs }, highestSequence) => ({
      ...inlined(
        `UPDATE ${lock}
SET expires_at = ${NOW} + $5, lease_ms = $5, highest_sequence = GREATEST(highest_sequence, $6)
WHERE ${OF_LEDGER} AND owner = $4`,
        [...ledger(key), owner, leaseMs, highestSequence],
      ),
      answer: inlined(
        `SELECT expires_at - lease_ms AS now FROM ${lock} WHERE ${OF_LEDGER} AND owner = $4 ${AS_WRITTEN}`,
        [...ledger(key), owner],
      ),
    }),
    release: (key, owner, highestSequence, completeFor) =>
      inlined(
        `UPDATE ${lock} SET owner = NULL, highest_sequence = GREATEST(highest_sequence, $5), complete_for = $6
WHERE ${OF_LEDGER} AND owner = $4`,
        [...ledger(key), owner, highestSequence, completeFor ?? null],
      ),
    claimCheckpoint: (key, changeId, sequence) => {
      const values = [...ledger(key), fitting(changeId), sequence];
      return {
        ...inlined(
          `INSERT INTO ${checkpoint} (service, tenant, environment, change_id, claimed) VALUES ($1, $2, $3, $4, $5)
ON DUPLICATE KEY UPDATE revision = IF(claimed < $5, 0, revision), claimed = GREATEST(claimed, $5)`,
          values,
        ),
        answer: inlined(
          `SELECT saved_by, ${bytes('value')} AS value FROM ${checkpoint}
WHERE ${OF_LEDGER} AND change_id = $4 AND claimed = $5 ${AS_WRITTEN}`,
          values,
        ),
      };
    },
    saveCheckpoint: (key, changeId, { sequence, revision, text }) => {
      const values = [...ledger(key), fitting(changeId), sequence, revision, text];
      const claimed = `${OF_LEDGER} AND change_id = $4 AND claimed = $5`;
      return {
        // From left to right: the value is judged by the revision before.
        ...inlined(
          `UPDATE ${checkpoint} SET
  value = IF(revision <= $6, $7, value),
  revision = GREATEST(revision, $6),
  saved_by = claimed
WHERE ${claimed}`,
          values,
        ),
        answer: inlined(`SELECT saved_by FROM ${checkpoint} WHERE ${claimed} ${AS_WRITTEN}`, values),
      };
    },
    claim: (key, token, expected) => {
      const values = [...ledger(key), token, expected];
      const claiming =
        expected === 0
          ? `INSERT INTO ${fence} (service, tenant, environment, claimed) VALUES ($1, $2, $3, $4)
ON DUPLICATE KEY UPDATE claimed = IF(environment = $3 AND claimed <= $4, $4, claimed)`
          : `UPDATE ${fence} SET claimed = $4 WHERE ${OF_LEDGER} AND claimed <= $4 AND applied >= $5`;
      return {
        ...inlined(claiming, values),
        answer: inlined(
          `SELECT begun, applied FROM ${fence} WHERE ${OF_LEDGER} AND claimed = $4 AND applied >= $5 ${AS_WRITTEN}`,
          values,
        ),
      };
    },
    fence: ({ service, tenant }) =>
      inlined(
        `SELECT environment, claimed, begun, applied FROM ${fence} WHERE service = $1 AND tenant = $2`,
        [fitting(service), fitting(tenant)],
      ),
    adopt: ({ key, claimed, sequence }, shown) => ({
      ...inlined(
        `UPDATE ${fence} SET environment = $3, claimed = $4, begun = $5, applied = $5
WHERE service = $1 AND tenant = $2 AND environment = $6 AND claimed = COALESCE($7, claimed)`,
        [...ledger(key), claimed, sequence, ...shownFence(key, claimed, shown)],
      ),
      answer: inlined(
        `SELECT applied FROM ${fence}
WHERE ${OF_LEDGER} AND claimed = $4 AND begun = $5 AND applied = $5 ${AS_WRITTEN}`,
        [...ledger(key), claimed, sequence],
      ),
    }),
    begun: ({ key, claimed, sequence }) => ({
      ...inlined(`UPDATE ${fence} SET begun = $5 WHERE ${OF_LEDGER} AND claimed = $4`, [
        ...ledger(key),
        claimed,
        sequence,
      ]),
      answer: inlined(`SELECT begun FROM ${fence} WHERE ${OF_LEDGER} AND claimed = $4 ${AS_WRITTEN}`, [
        ...ledger(key),
        claimed,
      ]),
    }),
    applied: ({ key, claimed, sequence }) =>
      inlined(`UPDATE ${fence} SET applied = $5 WHERE ${OF_LEDGER} AND claimed = $4`, [
        ...ledger(key),
        claimed,
        sequence,
      ]),
    endHolder: undefined,
    ownNames: undefined,
    sharedTurn: undefined,
    missingRights: (purpose) => missingRights(names, purpose),
  };
}

/** Without an order, for which the server would put everything into a temporary table on its disk. */
function readingOf(version: string, ledgerTable: string, lock: string, preceding: string): string {
  const complete = `EXISTS (SELECT 1 FROM ${lock} WHERE ${OF_LEDGER} AND complete_for = $5
    AND highest_sequence = (SELECT COUNT(*) FROM ${ledgerTable} WHERE ${OF_LEDGER})
    AND highest_sequence = (SELECT MAX(sequence) FROM ${ledgerTable} WHERE ${OF_LEDGER}))`;
  return `SELECT 2 AS part, ${bytes('entry')} AS text_1, ${bytes('hash')} AS text_2, sequence AS number_1, NULL AS number_2, NULL AS number_3, NULL AS number_4, NULL AS number_5
  FROM ${ledgerTable} WHERE ${OF_LEDGER} AND sequence > $4 AND NOT ${complete}
UNION ALL
SELECT 1, owner, ${bytes('host')}, process_id, acquired_at, expires_at, highest_sequence, lease_ms
  FROM ${lock} WHERE ${OF_LEDGER}
UNION ALL
SELECT 0, NULL, NULL, (SELECT MAX(version) FROM ${version}), ${NOW}, ${complete}, ${preceding}, ${UNFIT}`;
}

function acquiringOf(lock: string): string {
  const free = `owner IS NULL OR owner = $4 OR expires_at <= ${NOW}`;
  const change = (column: string, value: string): string => `${column} = IF(${free}, ${value}, ${column})`;
  // From left to right: what the condition reads comes last, and once the owner is written it still holds.
  return `INSERT INTO ${lock}
  (service, tenant, environment, owner, host, process_id, acquired_at, expires_at, lease_ms, highest_sequence)
  VALUES ($1, $2, $3, $4, $5, $6, ${NOW}, ${NOW} + $7, $7, 0)
ON DUPLICATE KEY UPDATE
  ${change('host', '$5')},
  ${change('process_id', '$6')},
  ${change('acquired_at', NOW)},
  ${change('lease_ms', '$7')},
  ${change('took_over_from', 'NULLIF(owner, $4)')},
  ${change('complete_for', 'NULL')},
  ${change('owner', '$4')},
  ${change('expires_at', `${NOW} + $7`)}`;
}

/** A text as it is stored, whatever character set the connection has. */
function bytes(column: string): string {
  return `CAST(${column} AS BINARY)`;
}

function plain(sql: string): Statement {
  return { sql, parameters: [] };
}

function ledger(key: Key): readonly [string, string, string] {
  return [fitting(key.service), fitting(key.tenant), fitting(key.environment)];
}
