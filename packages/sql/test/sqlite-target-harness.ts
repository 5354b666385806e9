import type { TargetHarness } from '@flamingock/testing';
import type { BoundClients } from '@flamingock/core/spi';
import { SqlExecutor } from '../src/sql-executor.js';
import { sqlTarget } from '../src/sql-target.js';
import { databaseFileOf, type JournalMode } from './database-file.js';
import { rawFences } from './raw-audit-tables.js';
import { betterSqlite3, type SqliteLibrary } from './sqlite-library.js';

/** Changes that write with the executor. */
export function sqliteTargetHarness(
  journal: JournalMode,
  library: SqliteLibrary = betterSqlite3,
): TargetHarness {
  return {
    lacks: {
      concurrentTransactions: 'SQLite has one writer at a time',
      idleTimeout: 'SQLite has no server',
      endsHolders: 'SQLite has no server',
      timeouts: 'SQLite is called synchronously',
      lostReplies: 'SQLite is called and not sent to',
      permissions: 'SQLite has no users',
      plainClients: 'a transaction is open on the only connection that there is',
    },
    async database() {
      const file = databaseFileOf(library, journal);
      const raw = file.open();
      raw.exec('CREATE TABLE probe (value TEXT PRIMARY KEY)');
      return {
        // The case and the process that it waits for share one thread, which is blocked for as long.
        target: async () => sqlTarget(file.open({ timeout: 50 })),
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
        ...rawFences(raw),
        async rawValues() {
          const rows = raw.prepare('SELECT value FROM probe ORDER BY value').all() as { value: string }[];
          return rows.map(({ value }) => value);
        },
        close: () => file.close(),
      };
    },
  };
}

function executorOf(clients: BoundClients): SqlExecutor {
  return clients.client(SqlExecutor) as SqlExecutor;
}
