import type { AuditStore, BoundClients, LedgerKey, StoredEntry } from '@flamingock/core/spi';
import type { AuditStoreHarness, RawFence, TargetHarness } from '@flamingock/testing';
import { type DataSource, EntityManager } from 'typeorm';
import { typeormAuditStore } from '../src/typeorm-audit-store.js';
import { typeormTarget } from '../src/typeorm-target.js';
import type { PostgresDataSources } from './postgres-data-source.js';
import { Probe } from './probe.js';

const OF_LEDGER = 'service = $1 AND environment = $2 AND tenant = $3';

/** Each store has a data source of its own to one database, as other processes would have. */
export function postgresAuditHarness(create: () => Promise<PostgresDataSources>): AuditStoreHarness {
  return {
    async database() {
      const database = await create();
      const query = <T>(sql: string, key?: LedgerKey): Promise<T[]> =>
        database.raw.query<T[]>(sql, key === undefined ? [] : [key.service, key.environment, key.tenant]);
      return {
        store: async () => typeormAuditStore(await database.open()),
        async rawEntries(key) {
          const known = await query(`SELECT 1 FROM pg_tables WHERE tablename = 'flamingock_ledger'`);
          if (known.length === 0) return [];
          return query<StoredEntry>(
            `SELECT sequence::integer, entry AS text, hash FROM flamingock_ledger WHERE ${OF_LEDGER} ORDER BY sequence`,
            key,
          );
        },
        async rawLock(key) {
          const [row] = await query<{ owner: string | null; expires: Date; highest: number }>(
            `SELECT owner, expires_at AS expires, highest_sequence::integer AS highest FROM flamingock_lock WHERE ${OF_LEDGER}`,
            key,
          );
          if (row === undefined) return undefined;
          const { owner, expires, highest } = row;
          return { owner: owner ?? undefined, expiresAt: expires.getTime(), highestSequence: highest };
        },
        async expireLock(key) {
          await query(`UPDATE flamingock_lock SET expires_at = '1970-01-01Z' WHERE ${OF_LEDGER}`, key);
        },
        async setSchemaVersion(version) {
          await query(`UPDATE flamingock_schema SET version = ${version}`);
        },
        settings: (store) =>
          dataSourceOf(store).query(
            `SELECT current_setting('lock_timeout'), current_setting('synchronous_commit') AS durable`,
          ),
        target: async (store) => typeormTarget(dataSourceOf(store)),
        close: () => database.close(),
      };
    },
  };
}

/** Changes that write with the entity manager. */
export function postgresTargetHarness(create: () => Promise<PostgresDataSources>): TargetHarness {
  return {
    async database() {
      const database = await create();
      return {
        target: async () => typeormTarget(await database.open()),
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
        async rawFence({ service, tenant }) {
          const [fence] = await database.raw.query<RawFence[]>(
            'SELECT environment, claimed::integer, applied::integer FROM flamingock_fence WHERE service = $1 AND tenant = $2',
            [service, tenant],
          );
          return fence;
        },
        async rawValues() {
          const probes = await database.raw.manager.find(Probe, { order: { value: 'ASC' } });
          return probes.map(({ value }) => value);
        },
        close: () => database.close(),
      };
    },
  };
}

function managerOf(clients: BoundClients): EntityManager {
  return clients.client(EntityManager) as EntityManager;
}

function dataSourceOf(store: AuditStore): DataSource {
  return store.driver as DataSource;
}
