import type { AuditStore, BoundClients, LedgerKey, StoredEntry } from '@flamingock/core/spi';
import type { AuditStoreHarness, RawFence, TargetHarness } from '@flamingock/testing';
import { DataSource, EntityManager } from 'typeorm';
import { typeormAuditStore } from '../src/typeorm-audit-store.js';
import { typeormTarget } from '../src/typeorm-target.js';
import type { PostgresDataSources } from './postgres-data-source.js';
import { Probe } from './probe.js';

const OF_LEDGER = 'service = $1 AND environment = $2 AND tenant = $3';
const OF_FENCE = 'service = $1 AND tenant = $2';

/** Each store has a data source of its own to one database, as other processes would have. */
export function postgresAuditHarness(create: () => Promise<PostgresDataSources>): AuditStoreHarness {
  return {
    async database() {
      const database = await create();
      const query = <T>(sql: string, key?: LedgerKey): Promise<T[]> =>
        database.raw.query<T[]>(sql, key === undefined ? [] : [key.service, key.environment, key.tenant]);
      return {
        store: async ({ timeZone } = {}) =>
          typeormAuditStore(
            await database.open(
              timeZone === undefined ? {} : { extra: { options: `-c TimeZone=${timeZone}` } },
            ),
          ),
        async rawEntries(key) {
          if (!(await exists(database.raw, 'flamingock_ledger'))) return [];
          return query<StoredEntry>(
            `SELECT sequence::integer, entry AS text, hash FROM flamingock_ledger WHERE ${OF_LEDGER} ORDER BY sequence`,
            key,
          );
        },
        async editEntry(key, sequence, text) {
          const { service, environment, tenant } = key;
          const ofEntry = [service, environment, tenant, sequence];
          if (text === undefined)
            await database.raw.query(
              `DELETE FROM flamingock_ledger WHERE ${OF_LEDGER} AND sequence = $4`,
              ofEntry,
            );
          else
            await database.raw.query(
              `UPDATE flamingock_ledger SET entry = $5 WHERE ${OF_LEDGER} AND sequence = $4`,
              [...ofEntry, text],
            );
        },
        async editState({ service, environment, tenant }, sequence, state) {
          await database.raw.query(
            `UPDATE flamingock_ledger SET state = $5 WHERE ${OF_LEDGER} AND sequence = $4`,
            [service, environment, tenant, sequence, state],
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
        poolOfOne: async () => typeormAuditStore(await database.open({ poolSize: 1 })),
        async unreliable() {
          const { dataSource, loseReplies } = await database.openUnreliable();
          return { store: typeormAuditStore(dataSource), loseReplies };
        },
        restricted: async () =>
          typeormAuditStore(await database.openRestricted('SELECT ON ALL TABLES IN SCHEMA public')),
        close: () => database.close(),
      };
    },
  };
}

/** Changes that write with the entity manager. */
export function postgresTargetHarness(create: () => Promise<PostgresDataSources>): TargetHarness {
  return {
    lacks: {},
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
        plainClient: DataSource,
        async unreliable() {
          const { dataSource, loseReplies } = await database.openUnreliable();
          return { target: typeormTarget(dataSource), loseReplies };
        },
        restricted: async () => typeormTarget(await database.openRestricted('SELECT, INSERT ON probe')),
        async rawFence({ service, tenant }) {
          if (!(await exists(database.raw, 'flamingock_fence'))) return undefined;
          const [fence] = await database.raw.query<RawFence[]>(
            `SELECT environment, claimed::integer, begun::integer, applied::integer FROM flamingock_fence WHERE ${OF_FENCE}`,
            [service, tenant],
          );
          return fence;
        },
        async restoreFence({ service, tenant }, fence) {
          if (fence === undefined)
            await database.raw.query(`DELETE FROM flamingock_fence WHERE ${OF_FENCE}`, [service, tenant]);
          else
            await database.raw.query(
              `UPDATE flamingock_fence SET environment = $3, claimed = $4, begun = $5, applied = $6 WHERE ${OF_FENCE}`,
              [service, tenant, fence.environment, fence.claimed, fence.begun, fence.applied],
            );
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

/** Without what the PgBouncer of the tests does not let through. */
export function throughPgBouncer<Harness extends AuditStoreHarness | TargetHarness>(
  harness: Harness,
  lacks: Harness['lacks'],
): Harness {
  return {
    ...harness,
    lacks: { ...harness.lacks, ...lacks },
    async database() {
      const { restricted: _restricted, ...database } = await harness.database();
      return database;
    },
  };
}

async function exists(raw: DataSource, table: string): Promise<boolean> {
  const found = await raw.query<unknown[]>('SELECT 1 FROM pg_tables WHERE tablename = $1', [table]);
  return found.length === 1;
}

function managerOf(clients: BoundClients): EntityManager {
  return clients.client(EntityManager) as EntityManager;
}

function dataSourceOf(store: AuditStore): DataSource {
  return store.driver as DataSource;
}
