import type { AuditStore, BoundClients } from '@flamingock/core/spi';
import type { AuditStoreHarness, TargetDatabase, TargetHarness } from '@flamingock/testing';
import pg from 'pg';
import { sqlAuditStore } from '../src/sql-audit-store.js';
import { SqlExecutor } from '../src/sql-executor.js';
import { sqlTarget } from '../src/sql-target.js';
import type { PostgresDatabase } from './postgres-database.js';
import { rawPostgresFence, rawPostgresTables, restorePostgresFence } from './raw-postgres-tables.js';

const SETTINGS = [
  'lock_timeout',
  'statement_timeout',
  'synchronous_commit',
  'idle_in_transaction_session_timeout',
  'transaction_isolation',
  'TimeZone',
  'search_path',
];
const SHOWN = `SELECT ${SETTINGS.map((name) => `current_setting('${name}') AS "${name}"`).join(', ')}`;

/** Each store has a pool of its own to one database, as other processes would have. */
export function postgresAuditHarness(create: () => Promise<PostgresDatabase>): AuditStoreHarness {
  return {
    async database() {
      const database = await create();
      return {
        store: async ({ timeZone } = {}) =>
          sqlAuditStore(
            database.openPool(timeZone === undefined ? {} : { options: `-c TimeZone=${timeZone}` }),
          ),
        ...rawPostgresTables(database.raw),
        settings: async (store) => (await poolOf(store).query<object>(SHOWN)).rows,
        target: async (store) => sqlTarget(poolOf(store)),
        poolOfOne: async () => sqlAuditStore(database.openPool({ max: 1 })),
        async unreliable() {
          const { pool, loseReplies } = await database.openUnreliablePool();
          return { store: sqlAuditStore(pool), loseReplies };
        },
        restricted: async () =>
          sqlAuditStore(await database.openRestrictedPool('SELECT ON ALL TABLES IN SCHEMA public')),
        close: () => database.close(),
      };
    },
  };
}

/** Each store has a single client of its own. */
export function pgClientAuditHarness(create: () => Promise<PostgresDatabase>): AuditStoreHarness {
  return {
    lacks: {
      concurrentSessions: 'a single client is the connection of the session',
      poolOfOne: 'a single client is no pool',
    },
    async database() {
      const database = await create();
      return {
        store: async ({ timeZone } = {}) =>
          sqlAuditStore(
            await database.openClient(timeZone === undefined ? {} : { options: `-c TimeZone=${timeZone}` }),
          ),
        ...rawPostgresTables(database.raw),
        settings: async (store) => (await clientOf(store).query<object>(SHOWN)).rows,
        target: async (store) => sqlTarget(clientOf(store)),
        async unreliable() {
          const { pool, loseReplies } = await database.openUnreliablePool();
          return { store: sqlAuditStore(await database.openClient(pool.options)), loseReplies };
        },
        async restricted() {
          const { options } = await database.openRestrictedPool('SELECT ON ALL TABLES IN SCHEMA public');
          return sqlAuditStore(await database.openClient(options));
        },
        close: () => database.close(),
      };
    },
  };
}

/** As {@link postgresAuditHarness}, by way of a PgBouncer. */
export function pgBouncerAuditHarness(create: () => Promise<PostgresDatabase>): AuditStoreHarness {
  const harness = postgresAuditHarness(create);
  return {
    lacks: {
      timeZones: 'PgBouncer takes no options of sessions',
      permissions: 'the PgBouncer of the tests knows one user',
    },
    async database() {
      const { restricted: _restricted, ...database } = await harness.database();
      return database;
    },
  };
}

function poolOf(store: AuditStore): pg.Pool {
  return store.driver as pg.Pool;
}

function clientOf(store: AuditStore): pg.Client {
  return store.driver as pg.Client;
}

/** Changes that write with the executor, on a pool. */
export function postgresTargetHarness(create: () => Promise<PostgresDatabase>): TargetHarness {
  return {
    lacks: {},
    async database() {
      const database = await create();
      return {
        target: async () => sqlTarget(database.openPool()),
        ...(await probing(database)),
        plainClient: pg.Pool,
        async unreliable() {
          const { pool, loseReplies } = await database.openUnreliablePool();
          return { target: sqlTarget(pool), loseReplies };
        },
        restricted: async () => sqlTarget(await database.openRestrictedPool('SELECT, INSERT ON probe')),
      };
    },
  };
}

/** Changes that write with the executor, on a single client. */
export function pgClientTargetHarness(create: () => Promise<PostgresDatabase>): TargetHarness {
  return {
    lacks: {
      plainClients: 'a transaction is open on the only client that there is',
    },
    async database() {
      const database = await create();
      return {
        target: async () => sqlTarget(await database.openClient()),
        ...(await probing(database)),
        async unreliable() {
          const { pool, loseReplies } = await database.openUnreliablePool();
          return { target: sqlTarget(await database.openClient(pool.options)), loseReplies };
        },
        async restricted() {
          const { options } = await database.openRestrictedPool('SELECT, INSERT ON probe');
          return sqlTarget(await database.openClient(options));
        },
      };
    },
  };
}

/** As {@link postgresTargetHarness}, by way of a PgBouncer. */
export function pgBouncerTargetHarness(create: () => Promise<PostgresDatabase>): TargetHarness {
  const harness = postgresTargetHarness(create);
  return {
    lacks: {
      permissions: 'the PgBouncer of the tests knows one user',
    },
    async database() {
      const { restricted: _restricted, ...database } = await harness.database();
      return database;
    },
  };
}

type Probing = Omit<TargetDatabase, 'target' | 'plainClient' | 'unreliable' | 'restricted'>;

/** What changes write with the executor, and the way around the target. */
async function probing(database: PostgresDatabase): Promise<Probing> {
  const { raw } = database;
  await raw.query('CREATE TABLE probe (value text PRIMARY KEY)');
  return {
    client: SqlExecutor,
    async write(clients, value) {
      await executorOf(clients).execute('INSERT INTO probe (value) VALUES ($1)', [value]);
    },
    statements: {
      async fail(clients) {
        await executorOf(clients).execute('INSERT INTO missing (value) VALUES (1)');
      },
      async recover(clients, work) {
        const executor = executorOf(clients);
        await executor.execute('SAVEPOINT attempt');
        await work().catch(() => executor.execute('ROLLBACK TO attempt'));
        await executor.execute('RELEASE attempt');
      },
      async end(clients, how) {
        await executorOf(clients).execute(how);
      },
    },
    rawFence: (key) => rawPostgresFence(raw, key),
    restoreFence: (key, fence) => restorePostgresFence(raw, key, fence),
    async rawValues() {
      const { rows } = await raw.query<{ value: string }>('SELECT value FROM probe ORDER BY value');
      return rows.map(({ value }) => value);
    },
    close: () => database.close(),
  };
}

function executorOf(clients: BoundClients): SqlExecutor {
  return clients.client(SqlExecutor) as SqlExecutor;
}
