import type { AuditStore, BoundClients } from '@flamingock/core/spi';
import type { AuditStoreHarness, TargetDatabase, TargetHarness } from '@flamingock/testing';
import type { Connection, Pool } from 'mysql2';
import mysql from 'mysql2/promise';
import { sqlAuditStore } from '../src/sql-audit-store.js';
import { SqlExecutor } from '../src/sql-executor.js';
import { sqlTarget } from '../src/sql-target.js';
import type { MariadbDatabase } from './mariadb-database.js';
import { rawMariadbFence, rawMariadbTables, restoreMariadbFence } from './raw-mariadb-tables.js';

const SETTINGS = [
  'innodb_lock_wait_timeout',
  'lock_wait_timeout',
  'max_statement_time',
  'idle_transaction_timeout',
  'wait_timeout',
  'tx_isolation',
  'autocommit',
  'time_zone',
  'sql_mode',
];
const SHOWN = `SELECT ${SETTINGS.map((name) => `@@SESSION.${name} AS ${name}`).join(', ')}, DATABASE() AS here`;

const COMMITS = 'a statement of DDL commits what was open before it';
const ENDED =
  'the server itself ends a transaction in which nothing happens, and one whose rows nobody takes';

const READER = ['SELECT ON flamingock_schema', 'SELECT ON flamingock_ledger', 'SELECT ON flamingock_lock'];
const WRITER = ['SELECT, INSERT ON probe'];

type Create = () => Promise<MariadbDatabase>;

/** Each store has a pool of its own to one database, as other processes would have. */
export function mariadbAuditHarness(create: Create): AuditStoreHarness {
  return {
    lacks: { sharedTransactions: COMMITS },
    async database() {
      const database = await create();
      return {
        async store({ timeZone } = {}) {
          const pool = database.openPool();
          if (timeZone !== undefined) inTimeZone(pool, timeZone);
          return sqlAuditStore(pool);
        },
        ...rawMariadbTables(database.raw),
        settings: async (store) => (await poolOf(store).promise().query(SHOWN))[0],
        target: async (store) => sqlTarget(poolOf(store)),
        poolOfOne: async () => sqlAuditStore(database.openPool({ connectionLimit: 1 })),
        async unreliable() {
          const { uri, loseReplies } = await database.unreliable();
          return { store: sqlAuditStore(database.openPool({ uri })), loseReplies };
        },
        restricted: async () => sqlAuditStore(database.openPool({ uri: await database.restricted(READER) })),
        close: () => database.close(),
      };
    },
  };
}

/** Each store has a single connection of its own. */
export function mariadbConnectionAuditHarness(create: Create): AuditStoreHarness {
  return {
    lacks: {
      sharedTransactions: COMMITS,
      concurrentSessions: 'a single connection is that of the session',
      poolOfOne: 'a single connection is no pool',
    },
    async database() {
      const database = await create();
      return {
        async store({ timeZone } = {}) {
          const connection = await database.openConnection();
          if (timeZone !== undefined)
            await connection.query(`SET time_zone = '${OFFSETS[timeZone] ?? '+00:00'}'`);
          return sqlAuditStore(connection);
        },
        ...rawMariadbTables(database.raw),
        settings: async (store) => (await connectionOf(store).promise().query(SHOWN))[0],
        target: async (store) => sqlTarget(connectionOf(store)),
        async unreliable() {
          const { uri, loseReplies } = await database.unreliable();
          return { store: sqlAuditStore(await database.openConnection({ uri })), loseReplies };
        },
        async restricted() {
          return sqlAuditStore(await database.openConnection({ uri: await database.restricted(READER) }));
        },
        close: () => database.close(),
      };
    },
  };
}

/** The server knows names of zones only once somebody has loaded them into its tables. */
const OFFSETS: Readonly<Record<string, string>> = {
  'Pacific/Auckland': '+13:00',
  'America/St_Johns': '-03:30',
  'Asia/Kathmandu': '+05:45',
};

function inTimeZone(pool: mysql.Pool, timeZone: string): void {
  pool.pool.on('connection', (connection) => {
    connection.query(`SET time_zone = '${OFFSETS[timeZone] ?? '+00:00'}'`);
  });
}

/** With callbacks: what the promises stand on. */
function poolOf(store: AuditStore): Pool {
  return store.driver as Pool;
}

function connectionOf(store: AuditStore): Connection {
  return store.driver as Connection;
}

/** Changes that write with the executor, on a pool. */
export function mariadbTargetHarness(create: Create): TargetHarness {
  return {
    lacks: { sharedTransactions: COMMITS, endsHolders: ENDED },
    async database() {
      const database = await create();
      return {
        target: async () => sqlTarget(database.openPool()),
        ...(await probing(database)),
        plainClient: POOL,
        async unreliable() {
          const { uri, loseReplies } = await database.unreliable();
          return { target: sqlTarget(database.openPool({ uri })), loseReplies };
        },
        restricted: async () => sqlTarget(database.openPool({ uri: await database.restricted(WRITER) })),
      };
    },
  };
}

/** The class of pools is not exported under a name. */
const POOL = mysql.createPool({}).constructor as new () => object;

/** Changes that write with the executor, on a single connection. */
export function mariadbConnectionTargetHarness(create: Create): TargetHarness {
  return {
    lacks: {
      sharedTransactions: COMMITS,
      endsHolders: ENDED,
      plainClients: 'a transaction is open on the only connection that there is',
    },
    async database() {
      const database = await create();
      return {
        target: async () => sqlTarget(await database.openConnection()),
        ...(await probing(database)),
        async unreliable() {
          const { uri, loseReplies } = await database.unreliable();
          return { target: sqlTarget(await database.openConnection({ uri })), loseReplies };
        },
        async restricted() {
          return sqlTarget(await database.openConnection({ uri: await database.restricted(WRITER) }));
        },
      };
    },
  };
}

type Probing = Omit<TargetDatabase, 'target' | 'plainClient' | 'unreliable' | 'restricted'>;

/** What changes write with the executor, and the way around the target. */
async function probing(database: MariadbDatabase): Promise<Probing> {
  const { raw } = database;
  await raw.query('CREATE TABLE probe (value varchar(200) PRIMARY KEY)');
  return {
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
        await executor.execute('RELEASE SAVEPOINT attempt');
      },
      async end(clients, how) {
        await executorOf(clients).execute(how);
      },
    },
    rawFence: (key) => rawMariadbFence(raw, key),
    restoreFence: (key, fence) => restoreMariadbFence(raw, key, fence),
    async rawValues() {
      const [rows] = await raw.query<mysql.RowDataPacket[]>('SELECT value FROM probe ORDER BY value');
      return rows.map(({ value }) => String(value));
    },
    close: () => database.close(),
  };
}

function executorOf(clients: BoundClients): SqlExecutor {
  return clients.client(SqlExecutor) as SqlExecutor;
}
