import type { TargetHarness } from '@flamingock/testing';
import type { BoundClients, FenceKey } from '@flamingock/core/spi';
import type Database from 'better-sqlite3';
import { SqlExecutor } from '../src/sql-executor.js';
import { sqlTarget } from '../src/sql-target.js';
import { databaseFile, type JournalMode } from './database-file.js';

/** Changes that write with the executor. */
export function sqliteTargetHarness(journal: JournalMode): TargetHarness {
  return {
    lacks: { idleTimeout: 'SQLite has no server', endsHolders: 'SQLite has no server' },
    async database() {
      const file = databaseFile(journal);
      const raw = file.open();
      raw.exec('CREATE TABLE probe (value TEXT PRIMARY KEY)');
      return {
        target: async () => sqlTarget(file.open()),
        client: SqlExecutor,
        async write(clients, value) {
          await executorOf(clients).execute('INSERT INTO probe (value) VALUES (?)', [value]);
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
        rawFence: async (key) => rawFence(raw, key),
        rawValues: async () =>
          raw.prepare('SELECT value FROM probe ORDER BY value').pluck().all() as string[],
        close: () => file.close(),
      };
    },
  };
}

function rawFence(
  raw: Database.Database,
  { service, tenant }: FenceKey,
): { environment: string; claimed: number; applied: number } | undefined {
  return raw
    .prepare<unknown[], { environment: string; claimed: number; applied: number }>(
      'SELECT environment, claimed, applied FROM flamingock_fence WHERE service = ? AND tenant = ?',
    )
    .get(service, tenant);
}

function executorOf(clients: BoundClients): SqlExecutor {
  return clients.client(SqlExecutor) as SqlExecutor;
}
