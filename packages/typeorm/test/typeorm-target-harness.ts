import type { BoundClients } from '@flamingock/core/spi';
import type { RawFence, TargetHarness } from '@flamingock/testing';
import { EntityManager } from 'typeorm';
import { typeormTarget } from '../src/typeorm-target.js';
import { dataSourceFile } from './data-source-file.js';
import { Probe } from './probe.js';

/** Changes that write with the entity manager. */
export const typeormTargetHarness: TargetHarness = {
  lacks: { idleTimeout: 'SQLite has no server', endsHolders: 'SQLite has no server' },
  async database() {
    const file = dataSourceFile();
    await file.open({ synchronize: true });
    const raw = file.openRaw();
    return {
      target: async () => typeormTarget(await file.open()),
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
      rawFence: async ({ service, tenant }) =>
        raw
          .prepare<unknown[], RawFence>(
            'SELECT environment, claimed, applied FROM flamingock_fence WHERE service = ? AND tenant = ?',
          )
          .get(service, tenant),
      rawValues: async () => raw.prepare('SELECT value FROM probe ORDER BY value').pluck().all() as string[],
      close: () => file.close(),
    };
  },
};

function managerOf(clients: BoundClients): EntityManager {
  return clients.client(EntityManager) as EntityManager;
}
