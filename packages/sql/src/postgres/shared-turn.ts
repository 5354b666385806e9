import type { FenceKey } from '@flamingock/core/spi';
import type { SharedTurn } from '../dialect/dialect.js';
import type { TableNames } from '../dialect/table-names.js';

/**
 * A transaction that store and target share writes no fence row in which a later run could find it. So it takes an
 * advisory lock that ends with it, and that shows its backend in `pg_locks`. Its number is a hash of 64 bits of where
 * the tables are and whose ledger it is.
 */
const TURN = `hashtextextended($1 || coalesce($2, current_schema()::text, ''), 0)`;

const TAKE = `SELECT pg_advisory_xact_lock(${TURN})`;

// A transaction that began after the wait belongs to a later run: whoever was stopped while it waited must not end it.
const END_HOLDER = `SELECT pg_terminate_backend(holder.pid)
FROM (SELECT ${TURN} AS number) AS turn
JOIN pg_locks AS holder ON holder.locktype = 'advisory' AND holder.objsubid = 1
  AND ((holder.classid::bigint << 32) | holder.objid::bigint) = turn.number
JOIN pg_database AS here ON here.oid = holder.database AND here.datname = current_database()
JOIN pg_stat_activity AS activity ON activity.pid = holder.pid
WHERE holder.granted AND holder.pid <> pg_backend_pid()
  AND activity.xact_start < clock_timestamp() - $3 * interval '1 millisecond'`;

/** The turn of shared transactions whose target has tables of these names. */
export function sharedTurn(names: TableNames): SharedTurn {
  const parameters = ({ service, tenant, environment }: FenceKey): readonly [string, string | null] => [
    JSON.stringify(['flamingock shared transaction', names.prefix, service, tenant, environment]),
    names.schema ?? null,
  ];
  return {
    take: (key) => ({ sql: TAKE, parameters: parameters(key) }),
    endHolder: (key, waitedMs) => ({ sql: END_HOLDER, parameters: [...parameters(key), waitedMs] }),
  };
}
