import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createFlamingock, defineChange, memoryAuditStore } from '@flamingock/core';
import type { AuditSession, AuditStore, LeaseRequest, LedgerKey, SealedEntry } from '@flamingock/core/spi';
import type mysql from 'mysql2/promise';
import { describeWith } from '../../../../tools/services/describe-with.mjs';
import { mariadb, type Mariadb, startMariadb } from '../../../../tools/services/mariadb.mjs';
import { startTcpProxy } from '../../../../tools/services/tcp-proxy.mjs';
import { type MariadbDatabase, mariadbDatabase } from '../../test/mariadb-database.js';
import { sqlAuditStore } from '../sql-audit-store.js';
import { SqlExecutor } from '../sql-executor.js';
import { sqlTarget } from '../sql-target.js';

const KEY: LedgerKey = { service: 'orders', environment: 'production', tenant: '' };
const LEASE: LeaseRequest = { owner: 'a', host: 'host', processId: 1, leaseMs: 60_000 };

type Query = (statement: { readonly sql: string }, ...more: unknown[]) => unknown;

const describeWithMariadb = await describeWith(mariadb);

describeWithMariadb('a single connection of mysql2 that the application uses, too', () => {
  let server: Mariadb;
  let database: MariadbDatabase;
  let connection: mysql.Connection;
  let store: AuditStore;
  let session: AuditSession;

  beforeAll(async () => {
    server = await startMariadb();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    database = await mariadbDatabase(server);
    connection = await database.openConnection();
    await database.raw.query('CREATE TABLE probe (id int PRIMARY KEY)');
    store = sqlAuditStore(connection);
    await store.initialise();
    session = await store.openSession();
    await session.acquire(KEY, LEASE);
  });
  afterEach(async () => {
    await session.close();
    await database.close();
  });

  function entry(sequence: number): SealedEntry {
    return {
      sequence,
      text: '{}',
      hash: `hash ${sequence}`,
      entry: { kind: 'run', executionId: 'execution', at: 1 } as SealedEntry['entry'],
    };
  }
  const codeOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'done',
      (error: unknown) => (error as { readonly code?: unknown }).code,
    );
  async function entries(): Promise<unknown> {
    const [rows] = await database.raw.query<mysql.RowDataPacket[]>('SELECT sequence FROM flamingock_ledger');
    return rows.map(({ sequence }) => sequence as unknown);
  }
  async function ids(): Promise<unknown> {
    const [rows] = await database.raw.query<mysql.RowDataPacket[]>('SELECT id FROM probe ORDER BY id');
    return rows.map(({ id }) => id as unknown);
  }

  test('writes nothing into a transaction that a change has left open', async () => {
    await connection.query('START TRANSACTION');
    await connection.query('INSERT INTO probe VALUES (1)');
    expect(await codeOf(session.append(KEY, entry(1)))).toBe('FLG_STORE_SHARED_CONNECTION');
    expect(await codeOf(session.renew(KEY, LEASE, 0))).toBe('FLG_STORE_BUSY');
    await connection.query('COMMIT');
    expect([await entries(), await ids()]).toEqual([[], [1]]);
    await session.append(KEY, entry(1));
    expect(await entries()).toEqual([1]);
  });

  test('waits for a transaction of the application that ends soon', async () => {
    await connection.query('START TRANSACTION');
    const appending = session.append(KEY, entry(1));
    await sleep(100);
    await connection.query('ROLLBACK');
    await appending;
    expect(await entries()).toEqual([1]);
  });

  test('what is written is no part of a transaction that begins between the look and the write', async () => {
    const { connection: below } = connection as mysql.Connection & { readonly connection: { query: Query } };
    const query = below.query.bind(below);
    let begun: Promise<unknown> | undefined;
    below.query = (statement, ...more) => {
      const command = query(statement, ...more);
      if (statement.sql === 'DO 0') begun ??= connection.query('START TRANSACTION');
      return command;
    };
    const appending = session.append(KEY, entry(1));
    await sleep(100);
    await begun;
    await connection.query('COMMIT');
    await appending;
    expect(await entries()).toEqual([1]);
  });

  test('what is undone is not taken for written where autocommit ends between the look and the write', async () => {
    const { connection: below } = connection as mysql.Connection & { readonly connection: { query: Query } };
    const query = below.query.bind(below);
    let ended: Promise<unknown> | undefined;
    below.query = (statement, ...more) => {
      const command = query(statement, ...more);
      if (statement.sql === 'DO 0') ended ??= connection.query('SET autocommit = 0');
      return command;
    };
    expect(await codeOf(session.append(KEY, entry(1)))).toBe('FLG_STORE_SHARED_CONNECTION');
    await ended;
    await connection.query('COMMIT');
    expect(await entries()).toEqual([]);
    await connection.query('SET autocommit = 1');
    await session.append(KEY, entry(1));
    expect(await entries()).toEqual([1]);
  });

  test('leaves a transaction of the application to it when it has read, and when it is closed', async () => {
    const other = await database.openConnection();
    const stores = sqlAuditStore(other);
    await other.query('START TRANSACTION');
    await other.query('INSERT INTO probe VALUES (1)');
    await stores.read(KEY, 0);
    const opened = await stores.openSession();
    expect(await codeOf(opened.append(KEY, entry(1)))).toBe('FLG_STORE_SHARED_CONNECTION');
    await opened.close();
    await other.query('COMMIT');
    expect(await ids()).toEqual([1]);
  });

  test('the application keeps its own settings during a run', async () => {
    const shown = async (): Promise<unknown> =>
      (await connection.query('SELECT @@innodb_lock_wait_timeout, @@lock_wait_timeout'))[0];
    await session.append(KEY, entry(1));
    const [theirs] = await database.raw.query('SELECT @@innodb_lock_wait_timeout, @@lock_wait_timeout');
    expect(await shown()).toEqual(theirs);
  });

  test('a change without a transaction may begin and end one, and one that it leaves open is told', async () => {
    const target = await database.openConnection();
    const run = (id: string, statements: readonly string[]): Promise<unknown> =>
      createFlamingock({
        ...KEY,
        service: id,
        auditStore: memoryAuditStore(),
        targets: { db: sqlTarget(target) },
        changes: [
          defineChange({
            id,
            name: `_1__${id}`,
            inject: { sql: SqlExecutor },
            async apply({ sql }) {
              for (const statement of statements) await sql.execute(statement);
            },
          }),
        ],
        logger: false,
      }).run();
    await run('ends', ['BEGIN', 'INSERT INTO probe VALUES (1)', 'COMMIT']);
    await expect(run('leaves', ['BEGIN', 'INSERT INTO probe VALUES (2)'])).rejects.toThrow(
      /FLG_ISSUE_OPEN[^]*left a transaction open/,
    );
    await target.query('COMMIT');
    expect(await ids()).toEqual([1]);
  });

  test('a target whose connection is silently dead, or closed, is told before the change and after it', async () => {
    const proxy = await startTcpProxy(database.url);
    const dead = await database.openConnection({ uri: proxy.url });
    const evidence = sqlTarget(dead).evidence;
    const after = await evidence?.observe(() => proxy.setMode('silent'));
    expect(after).toMatchObject({
      outcome: 'threw',
      error: { code: 'FLG_TARGET_UNREACHABLE' },
      evidence: { proof: 'none', settled: false },
    });
    dead.destroy();
    let wasCalled = false;
    const before = await evidence?.observe(async () => {
      wasCalled = true;
      return Promise.resolve();
    });
    expect(before).toMatchObject({ outcome: 'threw', evidence: { proof: 'not-sent', settled: true } });
    expect(wasCalled).toBe(false);
    await proxy.close();
  }, 30_000);

  test('a connection or a pool that commits nothing by itself is refused as a store, and keeps nothing open', async () => {
    const odd = await database.openConnection();
    await odd.query('SET autocommit = 0');
    const pool = database.openPool({ connectionLimit: 2 });
    pool.pool.on('connection', (one) => {
      one.query('SET autocommit = 0');
    });
    for (const refused of [sqlAuditStore(odd), sqlAuditStore(pool)])
      expect(await codeOf(refused.read(KEY, 0))).toBe('FLG_OPTION_INVALID');
    await odd.query('COMMIT');
    const opened = await sqlAuditStore(odd).openSession();
    expect(await codeOf(opened.append(KEY, entry(1)))).toBe('FLG_OPTION_INVALID');
    await opened.close();
    expect(await entries()).toEqual([]);
    const [open] = await database.raw.query<mysql.RowDataPacket[]>(
      `SELECT trx_mysql_thread_id FROM information_schema.innodb_trx`,
    );
    expect(open).toEqual([]);
  });

  test('a session whose time was fixed is refused as a store, and keeps it', async () => {
    const fixed = await database.openConnection();
    await fixed.query('SET timestamp = 1000');
    expect(await codeOf(sqlAuditStore(fixed).read(KEY, 0))).toBe('FLG_OPTION_INVALID');
    const [rows] = await fixed.query<mysql.RowDataPacket[]>('SELECT @@timestamp AS at');
    expect(rows).toEqual([{ at: 1000 }]);
  });

  test('a clock that is put forward an hour in the middle of a reading is not taken for one that stands still', async () => {
    const moved = await database.openConnection();
    await moved.query('SET timestamp = UNIX_TIMESTAMP() - 3700');
    expect(await codeOf(sqlAuditStore(moved).read(KEY, 0))).toBe('done');
  });
});
