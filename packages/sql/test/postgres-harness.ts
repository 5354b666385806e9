import type { AuditStore, BoundClients, Target } from '@flamingock/core/spi';
import type { AuditStoreHarness, TargetHarness } from '@flamingock/testing';
import type pg from 'pg';
import { sqlAuditStore } from '../src/sql-audit-store.js';
import { SqlExecutor } from '../src/sql-executor.js';
import { sqlTarget } from '../src/sql-target.js';
import type { PostgresDatabase } from './postgres-database.js';
import { rawPostgresFence, rawPostgresTables } from './raw-postgres-tables.js';

const SETTINGS = [
  'lock_timeout',
  'synchronous_commit',
  'idle_in_transaction_session_timeout',
  'transaction_isolation',
  'TimeZone',
  'search_path',
];

/** Each store has a pool of its own to one database, as other processes would have. */
export function postgresAuditHarness(create: () => Promise<PostgresDatabase>): AuditStoreHarness {
  return {
    async database() {
      const database = await create();
      return {
        store: async () => sqlAuditStore(database.openPool()),
        ...rawPostgresTables(database.raw),
        async settings(store) {
          const shown = SETTINGS.map((name) => `current_setting('${name}') AS "${name}"`).join(', ');
          return (await poolOf(store).query<object>(`SELECT ${shown}`)).rows;
        },
        target: async (store) => sqlTarget(poolOf(store)),
        close: () => database.close(),
      };
    },
  };
}

function poolOf(store: AuditStore): pg.Pool {
  return store.driver as pg.Pool;
}

/** Changes that write with the executor, on whatever a target is made of. */
export function postgresTargetHarness(
  create: () => Promise<PostgresDatabase>,
  open: (database: PostgresDatabase) => Promise<Target> = async (database) => sqlTarget(database.openPool()),
): TargetHarness {
  return {
    async database() {
      const database = await create();
      await database.raw.query('CREATE TABLE probe (value text PRIMARY KEY)');
      return {
        target: () => open(database),
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
        rawFence: (key) => rawPostgresFence(database.raw, key),
        async rawValues() {
          const { rows } = await database.raw.query<{ value: string }>(
            'SELECT value FROM probe ORDER BY value',
          );
          return rows.map(({ value }) => value);
        },
        close: () => database.close(),
      };
    },
  };
}

function executorOf(clients: BoundClients): SqlExecutor {
  return clients.client(SqlExecutor) as SqlExecutor;
}
