import {
  createFlamingock,
  defineChange,
  isFlamingockError,
  type FlamingockError,
  type FlamingockOptions,
} from '@flamingock/core';
import { sqlAuditStore, SqlExecutor, sqlTarget } from '@flamingock/sql';
import pg from 'pg';
import { dumpOf, type PostgresDump } from './postgres-dump.js';

/** Where a release of the service `orders` is started, and what it finds there. */
export interface Deployment {
  readonly environment: string;
  readonly environments?: NonNullable<FlamingockOptions['environments']>;
  /** Addresses of databases. Where they are one, store and target share a pool, and so their transactions. */
  readonly audit: string;
  readonly orders: string;
}

/** Each change adds a row to the table `effects`, so that a second time would be seen. */
const CHANGES = [1, 2, 3].map((order) =>
  defineChange({
    id: `change-${order}`,
    order,
    name: `Change${order}`,
    targetSystem: 'orders-db',
    inject: { sql: SqlExecutor },
    async apply({ sql }) {
      await sql.execute('CREATE TABLE IF NOT EXISTS effects (name text NOT NULL)');
      await sql.execute('INSERT INTO effects (name) VALUES ($1)', [`change-${order}`]);
    },
  }),
);

/**
 * Starts the release with so many changes; rejects as the start does.
 *
 * @returns the ids of those that it applied
 */
export async function startRelease(changes: number, deployment: Deployment): Promise<readonly string[]> {
  const { audit, orders, ...options } = deployment;
  const auditPool = new pg.Pool({ connectionString: audit });
  const ordersPool = orders === audit ? auditPool : new pg.Pool({ connectionString: orders });
  try {
    const report = await createFlamingock({
      ...options,
      service: 'orders',
      auditStore: sqlAuditStore(auditPool),
      targets: { 'orders-db': sqlTarget(ordersPool) },
      changes: CHANGES.slice(0, changes),
      logger: false,
    }).run();
    return report.applied.map(({ id }) => id);
  } finally {
    // Nobody is connected when a database is copied.
    await Promise.all([...new Set([auditPool, ordersPool])].map((pool) => pool.end()));
  }
}

/** The coded error with which it does not start. */
export async function refusalOf(changes: number, deployment: Deployment): Promise<FlamingockError> {
  const outcome: unknown = await startRelease(changes, deployment).catch((error: unknown) => error);
  if (isFlamingockError(outcome)) return outcome;
  throw new Error('It ended without a coded error.', { cause: outcome });
}

/** What a start that is refused must not change. */
export interface Effects {
  /** Every table of both databases that is not the engine's own. */
  readonly tables: readonly PostgresDump[];
  /** What the ledger says of changes, and the fence in the orders database. */
  readonly ledger: readonly unknown[];
  readonly fence: readonly unknown[];
}

/** Reads it past the engine. */
export async function effectsIn({ audit, orders }: Deployment): Promise<Effects> {
  return {
    tables: [await read(audit, applicationTables), await read(orders, applicationTables)],
    ledger: await read(audit, (client) =>
      rowsOf(
        client,
        'flamingock_ledger',
        'SELECT * FROM flamingock_ledger WHERE change_id IS NOT NULL ORDER BY 1, 2, 3, 4',
      ),
    ),
    fence: await read(orders, (client) =>
      rowsOf(
        client,
        'flamingock_fence',
        'SELECT environment, begun, applied FROM flamingock_fence ORDER BY 1',
      ),
    ),
  };
}

async function read<T>(url: string, reading: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await reading(client);
  } finally {
    await client.end();
  }
}

async function applicationTables(client: pg.Client): Promise<PostgresDump> {
  const tables = Object.entries(await dumpOf(client));
  return Object.fromEntries(tables.filter(([name]) => !name.startsWith('flamingock_')));
}

/** None where the table does not exist. */
async function rowsOf(client: pg.Client, table: string, select: string): Promise<readonly unknown[]> {
  const { rows: tables } = await client.query<{ found: boolean }>(
    'SELECT to_regclass($1) IS NOT NULL AS found',
    [table],
  );
  return tables[0]?.found === true ? (await client.query<object>(select)).rows : [];
}
