import { setTimeout as pause } from 'node:timers/promises';
import { sqlAuditStore } from '@flamingock/sql';
import pg from 'pg';
import { ownPostgres, postgres, startPostgres, type Postgres } from '../../../tools/services/postgres.mjs';
import { dumpOf } from '../postgres-dump.js';
import type { Database, DatabaseServer, DatabaseSystem } from './database.js';
import { CHANGE_ENTRIES, FENCES } from './tables.js';

export const POSTGRES: DatabaseSystem = {
  name: 'PostgreSQL',
  service: postgres,
  ownService: ownPostgres,
  transactions: ['TX_SHARED', 'TX_SEPARATE'],
  sendsRows: true,
  start: async ({ exclusive = false } = {}) => serverOf(await startPostgres({ exclusive })),
};

/** A server that the test has started by itself. */
export function serverOf(server: Postgres): DatabaseServer {
  return {
    createDatabase: () => server.createDatabase(),
    copy: (url) => server.createDatabase({ url }),
    async restore(copy, over) {
      const client = new pg.Client(server.url);
      await client.connect();
      await client.query(`DROP DATABASE ${nameOf(over)}`);
      await client.query(`CREATE DATABASE ${nameOf(over)} TEMPLATE ${nameOf(copy)}`);
      await client.end();
    },
    forProxy: (url) => url,
    connect: (url) => Promise.resolve(connect(url)),
    kill: () => server.kill(),
    restart: () => server.restart(),
    setReadOnly: (readOnly) => server.set('default_transaction_read_only', readOnly ? 'on' : 'off'),
    stop: () => server.stop(),
  };
}

function nameOf(url: string): string {
  return new URL(url).pathname.slice(1);
}

const ROWS = {
  flow: `state = 'active' AND query LIKE '%generate_series%'`,
  'are stuck': `wait_event = 'ClientWrite'`,
};

function connect(url: string): Database {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  pool.on('error', () => undefined);

  async function numberOf(select: string): Promise<number | undefined> {
    const { rows } = await pool.query<{ ms: number }>(select);
    return rows[0]?.ms;
  }

  /** None where the table does not exist. */
  async function rowsOf(table: string, select: string): Promise<readonly unknown[]> {
    const { rows } = await pool.query<{ found: boolean }>('SELECT to_regclass($1) IS NOT NULL AS found', [
      table,
    ]);
    return rows[0]?.found === true ? (await pool.query<object>(select)).rows : [];
  }

  return {
    async prepareEffects() {
      await pool.query('CREATE TABLE effects (name text NOT NULL, done boolean)');
    },
    async effects() {
      const { rows } = await pool.query<{ name: string }>('SELECT name FROM effects ORDER BY ctid');
      return rows.map(({ name }) => name);
    },
    auditStore: () => sqlAuditStore(pool),
    now: async () =>
      (await numberOf('SELECT extract(epoch FROM clock_timestamp())::float * 1000 AS ms')) ?? Number.NaN,
    lockExpiry: () =>
      numberOf('SELECT extract(epoch FROM expires_at)::float * 1000 AS ms FROM flamingock_lock'),
    async untilRows(state) {
      const select = `SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND ${ROWS[state]}`;
      while ((await pool.query(select)).rowCount === 0) await pause(20);
    },
    changeEntries: () => rowsOf('flamingock_ledger', CHANGE_ENTRIES),
    fences: () => rowsOf('flamingock_fence', FENCES),
    dump: () => dumpOf(pool),
    close: () => pool.end(),
  };
}
