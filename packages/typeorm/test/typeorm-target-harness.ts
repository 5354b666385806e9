import type { BoundClients } from '@flamingock/core/spi';
import type { TargetHarness } from '@flamingock/testing';
import { DataSource, EntityManager } from 'typeorm';
import { typeormTarget } from '../src/typeorm-target.js';
import { dataSourceFile } from './data-source-file.js';
import { Probe } from './probe.js';
import { rawFences } from './raw-audit-tables.js';

/** Changes that write with the entity manager. */
export const typeormTargetHarness: TargetHarness = {
  lacks: {
    concurrentTransactions: 'SQLite has one writer at a time',
    idleTimeout: 'SQLite has no server',
    endsHolders: 'SQLite has no server',
    timeouts: 'SQLite is called synchronously',
    lostReplies: 'SQLite is called and not sent to',
    permissions: 'SQLite has no users',
  },
  async database() {
    const file = dataSourceFile();
    await file.open({ synchronize: true });
    const raw = file.openRaw();
    return {
      // The case and the process that it waits for share one thread, which is blocked for as long.
      target: async () => typeormTarget(await file.open({ timeout: 50 })),
      client: EntityManager,
      async write(clients, value) {
        await managerOf(clients).save(Probe, { value });
      },
      statements: {
        async fail(clients) {
          await managerOf(clients).query('INSERT INTO missing (value) VALUES (1)');
        },
        async recover(clients, work) {
          await managerOf(clients)
            .transaction(work)
            .catch(() => undefined);
        },
        async end(clients, how) {
          await managerOf(clients).query(how);
        },
      },
      ...rawFences(raw),
      plainClient: DataSource,
      rawValues: async () => raw.prepare('SELECT value FROM probe ORDER BY value').pluck().all() as string[],
      close: () => file.close(),
    };
  },
};

function managerOf(clients: BoundClients): EntityManager {
  return clients.client(EntityManager) as EntityManager;
}
