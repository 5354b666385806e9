import type { AuditStore, BoundClients, LedgerKey, StoredEntry } from '@flamingock/core/spi';
import type { AuditStoreHarness, TargetHarness } from '@flamingock/testing';
import { DataSource, EntityManager } from 'typeorm';
import { typeormAuditStore } from '../src/typeorm-audit-store.js';
import { typeormTarget } from '../src/typeorm-target.js';
import type { MariadbDataSources } from './mariadb-data-source.js';
import { Probe } from './probe.js';

const OF_LEDGER = 'service = ? AND environment = ? AND tenant = ?';
const OF_FENCE = 'service = ? AND tenant = ?';
const COMMITS = 'a statement of DDL commits what was open before it';
const READER = ['SELECT ON flamingock_schema', 'SELECT ON flamingock_ledger', 'SELECT ON flamingock_lock'];

type Create = () => Promise<MariadbDataSources>;

/** Each store has a data source of its own to one database, as other processes would have. */
export function mariadbAuditHarness(create: Create): AuditStoreHarness {
  return {
    lacks: {
      sharedTransactions: COMMITS,
      timeZones: 'TypeORM gives no time zone to the sessions of its pool',
    },
    async database() {
      const database = await create();
      const query = <T>(sql: string, key?: LedgerKey, more: readonly unknown[] = []): Promise<T[]> =>
        database.raw.query<T[]>(
          sql,
          key === undefined ? [] : [key.service, key.environment, key.tenant, ...more],
        );
      return {
        store: async () => typeormAuditStore(await database.open()),
        async rawEntries(key) {
          if (!(await exists(database.raw, 'flamingock_ledger'))) return [];
          const rows = await query<Omit<StoredEntry, 'sequence'> & { readonly sequence: string }>(
            `SELECT sequence, entry AS text, hash FROM flamingock_ledger WHERE ${OF_LEDGER} ORDER BY sequence`,
            key,
          );
          return rows.map(({ sequence, text, hash }) => ({ sequence: Number(sequence), text, hash }));
        },
        async editEntry(key, sequence, text) {
          if (text === undefined)
            await query(`DELETE FROM flamingock_ledger WHERE ${OF_LEDGER} AND sequence = ?`, key, [sequence]);
          else
            await database.raw.query(
              `UPDATE flamingock_ledger SET entry = ? WHERE ${OF_LEDGER} AND sequence = ?`,
              [text, key.service, key.environment, key.tenant, sequence],
            );
        },
        async editState({ service, environment, tenant }, sequence, state) {
          await database.raw.query(
            `UPDATE flamingock_ledger SET state = ? WHERE ${OF_LEDGER} AND sequence = ?`,
            [state, service, environment, tenant, sequence],
          );
        },
        async rawLock(key) {
          const [row] = await query<{ owner: Buffer | null; expires: string; highest: string }>(
            `SELECT owner, expires_at AS expires, highest_sequence AS highest FROM flamingock_lock WHERE ${OF_LEDGER}`,
            key,
          );
          if (row === undefined) return undefined;
          const { owner, expires, highest } = row;
          return {
            owner: owner?.toString(),
            expiresAt: Number(expires),
            highestSequence: Number(highest),
          };
        },
        async expireLock(key) {
          await query(`UPDATE flamingock_lock SET expires_at = 0 WHERE ${OF_LEDGER}`, key);
        },
        async setSchemaVersion(version) {
          await query(`UPDATE flamingock_schema SET version = ${version}`);
        },
        settings: (store) =>
          dataSourceOf(store).query(
            'SELECT @@innodb_lock_wait_timeout, @@lock_wait_timeout, @@idle_transaction_timeout, @@autocommit',
          ),
        target: async (store) => typeormTarget(dataSourceOf(store)),
        poolOfOne: async () => typeormAuditStore(await database.open({ poolSize: 1 })),
        async unreliable() {
          const { dataSource, loseReplies } = await database.openUnreliable();
          return { store: typeormAuditStore(dataSource), loseReplies };
        },
        restricted: async () => typeormAuditStore(await database.openRestricted(READER)),
        close: () => database.close(),
      };
    },
  };
}

/** Changes that write with the entity manager. */
export function mariadbTargetHarness(create: Create): TargetHarness {
  return {
    lacks: {
      sharedTransactions: COMMITS,
      endsHolders: 'the server itself ends a transaction in which nothing happens',
    },
    async database() {
      const database = await create();
      return {
        target: async () => typeormTarget(await database.open()),
        client: EntityManager,
        async write(clients, value) {
          await managerOf(clients).insert(Probe, { value });
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
        restricted: async () => typeormTarget(await database.openRestricted(['SELECT, INSERT ON probe'])),
        async rawFence({ service, tenant }) {
          if (!(await exists(database.raw, 'flamingock_fence'))) return undefined;
          const [row] = await database.raw.query<Readonly<Record<string, unknown>>[]>(
            `SELECT environment, claimed, begun, applied FROM flamingock_fence WHERE ${OF_FENCE}`,
            [service, tenant],
          );
          if (row === undefined) return undefined;
          return {
            environment: String(row['environment']),
            claimed: Number(row['claimed']),
            begun: Number(row['begun']),
            applied: Number(row['applied']),
          };
        },
        async restoreFence({ service, tenant }, fence) {
          if (fence === undefined)
            await database.raw.query(`DELETE FROM flamingock_fence WHERE ${OF_FENCE}`, [service, tenant]);
          else
            await database.raw.query(
              `UPDATE flamingock_fence SET environment = ?, claimed = ?, begun = ?, applied = ? WHERE ${OF_FENCE}`,
              [fence.environment, fence.claimed, fence.begun, fence.applied, service, tenant],
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

async function exists(raw: DataSource, table: string): Promise<boolean> {
  return (await raw.query<unknown[]>('SHOW TABLES LIKE ?', [table])).length === 1;
}

function managerOf(clients: BoundClients): EntityManager {
  return clients.client(EntityManager) as EntityManager;
}

function dataSourceOf(store: AuditStore): DataSource {
  return store.driver as DataSource;
}
