import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createFlamingock, defineChange, type DefinedChange, memoryAuditStore } from '@flamingock/core';
import type { BoundClients, FenceKey, Target, TransactionOutcome } from '@flamingock/core/spi';
import { createPool as createPoolWithCallbacks } from 'mysql2';
import mysql from 'mysql2/promise';
import { describeWith } from '../../../../tools/services/describe-with.mjs';
import { mariadb, type Mariadb, startMariadb } from '../../../../tools/services/mariadb.mjs';
import { type MariadbDatabase, mariadbDatabase } from '../../test/mariadb-database.js';
import { rawMariadbFence } from '../../test/raw-mariadb-tables.js';
import { SqlExecutor } from '../sql-executor.js';
import { sqlTarget } from '../sql-target.js';

const KEY: FenceKey = { service: 'orders', environment: 'production', tenant: '' };

const describeWithMariadb = await describeWith(mariadb);

describeWithMariadb('the target on MariaDB', () => {
  let server: Mariadb;
  let database: MariadbDatabase;
  let pool: mysql.Pool;
  let target: Target;

  beforeAll(async () => {
    server = await startMariadb();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    database = await mariadbDatabase(server);
    pool = database.openPool();
    target = sqlTarget(pool);
    await database.raw.query('CREATE TABLE probe (id int PRIMARY KEY, value int NOT NULL)');
    await database.raw.query('INSERT INTO probe VALUES (1, 0), (2, 0)');
  });
  afterEach(() => database.close());

  async function run(
    work: (sql: SqlExecutor, clients: BoundClients) => Promise<unknown>,
    of = target,
    idleTimeoutMs = 30_000,
  ): Promise<TransactionOutcome> {
    const { transactions } = of;
    if (transactions === undefined) throw new Error('a SQL target has transactions');
    await transactions.claim(KEY, 7);
    return transactions.run({
      key: KEY,
      fence: { claimed: 7, sequence: 9 },
      idleTimeoutMs,
      async work(clients) {
        await work(clients.client(SqlExecutor) as SqlExecutor, clients);
      },
    });
  }
  const codeOf = (outcome: TransactionOutcome): unknown =>
    'error' in outcome ? (outcome.error as { readonly code?: unknown }).code : undefined;
  async function values(): Promise<unknown> {
    const [rows] = await database.raw.query<mysql.RowDataPacket[]>('SELECT value FROM probe ORDER BY id');
    return rows.map(({ value }) => value as unknown);
  }
  const fence = async (): Promise<unknown> => {
    const row = await rawMariadbFence(database.raw, KEY);
    return [row?.begun, row?.applied];
  };

  test('DDL that fails after a write: the write is committed, and nobody takes the change for one that left nothing', async () => {
    const outcome = await run(async (sql) => {
      await sql.execute('UPDATE probe SET value = 1');
      await sql.execute('ALTER TABLE missing ADD COLUMN more int');
    });
    expect([outcome.status, codeOf(outcome)]).toEqual(['broken', 'FLG_TRANSACTION_BROKEN']);
    expect(await values()).toEqual([1, 1]);
    expect(await fence()).toEqual([9, 0]);
  });

  test('DDL that fails and is swallowed ends the transaction as well: no later statement is sent', async () => {
    const outcome = await run(async (sql) => {
      await sql.execute('ALTER TABLE missing ADD COLUMN more int').catch(() => undefined);
      await sql.execute('UPDATE probe SET value = 1').catch(() => undefined);
    });
    expect([outcome.status, codeOf(outcome)]).toEqual(['broken', 'FLG_TRANSACTION_BROKEN']);
    expect(await values()).toEqual([0, 0]);
  });

  test('DDL alone, in a change that says transactional: true, is there and not proven', async () => {
    const outcome = await run((sql) => sql.execute('ALTER TABLE probe ADD COLUMN more int'));
    expect([outcome.status, codeOf(outcome)]).toEqual(['broken', 'FLG_TRANSACTION_BROKEN']);
    expect(await fence()).toEqual([9, 0]);
    await database.raw.query('SELECT more FROM probe');
  });

  test('a change that takes long stays in the database to which it went', async () => {
    let found: unknown;
    const heartbeatMs = 300;
    await run(
      async (sql) => {
        await sql.execute('USE information_schema');
        await sleep(heartbeatMs * 2);
        [found] = await sql.query('SELECT DATABASE() AS name');
      },
      target,
      heartbeatMs * 3,
    );
    expect(found).toEqual({ name: 'information_schema' });
  });

  test('a COMMIT of its own, and another transaction after it, is seen', async () => {
    const outcome = await run(async (sql) => {
      await sql.execute('UPDATE probe SET value = 1');
      await sql.execute('COMMIT AND CHAIN');
      await sql.execute('UPDATE probe SET value = 2');
    });
    expect(outcome.status).toBe('broken');
    expect(await values()).toEqual([1, 1]);
  });

  test('a statement that is no DDL and commits all the same is seen', async () => {
    const outcome = await run(async (sql) => {
      await sql.execute('UPDATE probe SET value = 1');
      await sql.query('ANALYZE TABLE probe');
    });
    expect(outcome.status).toBe('broken');
  });

  test('a deadlock, which takes the savepoint with it, leaves nothing, and may be tried again', async () => {
    const other = await database.openConnection();
    let other2: Promise<unknown> | undefined;
    const deadlocked = async (sql: SqlExecutor): Promise<void> => {
      await other.query('START TRANSACTION');
      // The one that has changed more is the one that goes on.
      await other.query('CREATE TEMPORARY TABLE IF NOT EXISTS many (id int)');
      await other.query('INSERT INTO probe SELECT 100 + seq, 1 FROM seq_1_to_200');
      await other.query('UPDATE probe SET value = 5 WHERE id = 2');
      await sql.execute('UPDATE probe SET value = 1 WHERE id = 1');
      other2 = other.query('UPDATE probe SET value = 5 WHERE id = 1');
      await new Promise((resolve) => setTimeout(resolve, 100));
      await sql.execute('UPDATE probe SET value = 1 WHERE id = 2');
    };
    for (const swallows of [false, true]) {
      const outcome = await run(async (sql) => {
        if (!swallows) return deadlocked(sql);
        await deadlocked(sql).catch(() => undefined);
        await sql.execute('UPDATE probe SET value = 9').catch(() => undefined);
      });
      expect(outcome.status).toBe('rolled-back');
      if (!swallows && 'error' in outcome) expect(target.isTransient?.(outcome.error)).toBe(true);
      await other2;
      await other.query('ROLLBACK');
      expect(await values()).toEqual([0, 0]);
      expect(await fence()).toEqual([0, 0]);
    }
  });

  test('it counts matched rows, whatever the application has set for its pool', async () => {
    const changed = sqlTarget(database.openPool({ flags: ['-FOUND_ROWS'] }));
    for (let round = 0; round < 2; round += 1)
      expect(await run(async () => Promise.resolve(), changed)).toEqual({ status: 'committed' });
    expect(await fence()).toEqual([9, 9]);
  });

  test('a pool that commits nothing by itself, and in another shape of rows, is used like any other', async () => {
    const odd = database.openPool({
      rowsAsArray: true,
      supportBigNumbers: true,
      bigNumberStrings: true,
      dateStrings: true,
      charset: 'latin1',
    });
    odd.pool.on('connection', (connection) => {
      connection.query('SET autocommit = 0, sql_mode = "NO_BACKSLASH_ESCAPES,ANSI_QUOTES"');
    });
    expect(await run((sql) => sql.execute('UPDATE probe SET value = 1'), sqlTarget(odd))).toEqual({
      status: 'committed',
    });
    expect(await values()).toEqual([1, 1]);
    expect(await fence()).toEqual([9, 9]);
  });

  test('a change that goes to another database does not take the engine there', async () => {
    expect(await run((sql) => sql.execute('USE information_schema'))).toEqual({ status: 'committed' });
    const [rows] = await pool.query<mysql.RowDataPacket[]>('SELECT DATABASE() AS here');
    expect(rows[0]?.['here']).toBe(new URL(database.url).pathname.slice(1));
    expect(await fence()).toEqual([9, 9]);
  });

  test('what a change sets for its session is put back as far as the engine had set it', async () => {
    const shown = async (): Promise<unknown> =>
      (
        await pool.query(
          'SELECT @@innodb_lock_wait_timeout, @@idle_transaction_timeout, @flamingock_wait_timeout',
        )
      )[0];
    const before = await shown();
    await run((sql) => sql.execute('SET SESSION innodb_lock_wait_timeout = 3'));
    expect(await shown()).toEqual(before);
  });

  test('a change is given the connection of its transaction, with promises', async () => {
    const { transactions } = target;
    expect(transactions?.binds(mysql.PoolConnection)).toBe(true);
    const outcome = await run(async (_sql, clients) => {
      const connection = clients.client(mysql.PoolConnection) as mysql.PoolConnection;
      const [header] = await connection.query<mysql.ResultSetHeader>('UPDATE probe SET value = ?', [1]);
      expect(header.affectedRows).toBe(2);
      const [rows] = await connection.execute<mysql.RowDataPacket[]>(
        'SELECT value FROM probe WHERE id = ?',
        [1],
      );
      expect(rows).toEqual([{ value: 1 }]);
      expect(() => {
        connection.release();
      }).toThrow(TypeError);
      throw new Error('the change failed');
    });
    expect(outcome.status).toBe('rolled-back');
    expect(await values()).toEqual([0, 0]);
  });

  test.each(['MyISAM', 'Aria', 'MEMORY'])(
    'what was written to a table of %s outlives the roll-back, and that is said',
    async (engine) => {
      await database.raw.query(`CREATE TABLE kept (id int) ENGINE = ${engine}`);
      const outcome = await run(async (sql) => {
        await sql.execute('UPDATE probe SET value = 1');
        await sql.execute('INSERT INTO kept VALUES (1)');
        throw new Error('the change failed');
      });
      expect([outcome.status, codeOf(outcome)]).toEqual(['broken', 'FLG_TRANSACTION_BROKEN']);
      expect(await values()).toEqual([0, 0]);
      const [rows] = await database.raw.query('SELECT id FROM kept');
      expect(rows).toEqual([{ id: 1 }]);
    },
  );

  test('the same where the server has rolled back by itself, after a deadlock', async () => {
    await database.raw.query('CREATE TABLE kept (id int) ENGINE = MyISAM');
    const other = await database.openConnection();
    let other2: Promise<unknown> | undefined;
    const outcome = await run(async (sql) => {
      await other.query('START TRANSACTION');
      // Of two that deadlock the server spares the one that could not be rolled back whole.
      await other.query('INSERT INTO kept VALUES (2)');
      await other.query('INSERT INTO probe SELECT 100 + seq, 1 FROM seq_1_to_200');
      await other.query('UPDATE probe SET value = 5 WHERE id = 2');
      await sql.execute('INSERT INTO kept VALUES (1)');
      await sql.execute('UPDATE probe SET value = 1 WHERE id = 1');
      other2 = other.query('UPDATE probe SET value = 5 WHERE id = 1');
      await sleep(100);
      await sql.execute('UPDATE probe SET value = 1 WHERE id = 2');
    });
    await other2;
    await other.query('ROLLBACK');
    expect([outcome.status, codeOf(outcome)]).toEqual(['broken', 'FLG_TRANSACTION_BROKEN']);
  });

  test('a procedure that fails in a transaction of its own leaves none open on the pool', async () => {
    await database.raw.query(`CREATE PROCEDURE fails() BEGIN
      START TRANSACTION; UPDATE probe SET value = 1; SIGNAL SQLSTATE '45000'; END`);
    const sql = target.client(SqlExecutor) as SqlExecutor;
    await expect(sql.execute('CALL fails()')).rejects.toMatchObject({ sqlState: '45000' });
    await pool.query('UPDATE probe SET value = 2 WHERE id = 2');
    expect(await values()).toEqual([0, 2]);
  });

  test('nor do several statements in one, of which the last returns rows', async () => {
    const several = sqlTarget(database.openPool({ multipleStatements: true }));
    const sql = several.client(SqlExecutor) as SqlExecutor;
    await expect(sql.query('BEGIN; UPDATE probe SET value = 1; SELECT 1')).rejects.toMatchObject({
      code: 'FLG_TRANSACTION_BROKEN',
    });
    expect(await values()).toEqual([0, 0]);
  });

  test.each<[string, (connection: mysql.PoolConnection) => Promise<unknown>]>([
    ['by its method', (connection) => connection.commit()],
    ['by another begin', (connection) => connection.beginTransaction()],
    ['as a prepared statement', async (connection) => (await connection.prepare('COMMIT')).execute([])],
    ['by a ROLLBACK', (connection) => connection.rollback()],
  ])('the end of its transaction %s is seen, and nothing is sent after it', async (_how, end) => {
    const outcome = await run(async (_sql, clients) => {
      const connection = clients.client(mysql.PoolConnection) as mysql.PoolConnection;
      await connection.query('UPDATE probe SET value = 1 WHERE id = 1');
      await end(connection);
      await connection.execute('UPDATE probe SET value = 2 WHERE id = 2');
    });
    expect(outcome.status).toBe('broken');
    expect((await values()) as unknown[]).toContain(0);
  });

  test('a prepared statement of the change is one of its statements', async () => {
    const outcome = await run(async (_sql, clients) => {
      const connection = clients.client(mysql.PoolConnection) as mysql.PoolConnection;
      const statement = await connection.prepare('INSERT INTO probe VALUES (?, ?)');
      await statement.execute([3, 3]);
      await statement.execute([3, 3]).catch(() => undefined);
      await statement.close();
    });
    expect([outcome.status, codeOf(outcome)]).toEqual(['rolled-back', 'FLG_TRANSACTION_ABORTED']);
    expect(await values()).toEqual([0, 0]);
  });

  test('a session in which a change has ended its transaction is not lent again', async () => {
    const one = database.openPool({ connectionLimit: 1 });
    const [before] = await one.query('SELECT CONNECTION_ID() AS id');
    await run((sql) => sql.execute('COMMIT'), sqlTarget(one));
    const [after] = await one.query('SELECT CONNECTION_ID() AS id');
    expect(after).not.toEqual(before);
  });

  test('a change is given the connection of its transaction, with callbacks', async () => {
    const withCallbacks = createPoolWithCallbacks(database.url);
    const Connection = await new Promise<new () => object>((resolve, reject) => {
      withCallbacks.getConnection((error, connection) => {
        if (error === null) {
          connection.release();
          resolve(connection.constructor as new () => object);
        } else reject(error);
      });
    });
    const outcome = await run(async (_sql, clients) => {
      const connection = clients.client(Connection) as import('mysql2').PoolConnection;
      await new Promise<void>((resolve, reject) => {
        connection.query('UPDATE probe SET value = 1', (error) => {
          if (error === null) resolve();
          else reject(error);
        });
      });
    }, sqlTarget(withCallbacks));
    expect(outcome).toEqual({ status: 'committed' });
    expect(await values()).toEqual([1, 1]);
    await new Promise<void>((resolve) => {
      withCallbacks.end(() => {
        resolve();
      });
    });
  });

  test('a right that is missing is named, with the statement that grants it', async () => {
    await run(async () => Promise.resolve());
    const uri = await database.restricted(['SELECT, INSERT ON flamingock_fence']);
    const error: unknown = await sqlTarget(database.openPool({ uri }))
      .transactions?.claim(KEY, 8)
      .catch((failure: unknown) => failure);
    const user = new URL(uri).username;
    const name = new URL(database.url).pathname.slice(1);
    expect(error).toMatchObject({
      code: 'FLG_TARGET_PERMISSION',
      message: expect.stringContaining(`it lacks UPDATE on ${name}.flamingock_fence`),
      hint: expect.stringContaining(`GRANT UPDATE ON \`${name}\`.\`flamingock_fence\` TO '${user}'@'%'`),
    });
  });

  test('a change runs as not proven, unless it says that it is transactional', async () => {
    const store = memoryAuditStore();
    const failing = (transactional: boolean | undefined): DefinedChange =>
      defineChange({
        id: 'fails',
        name: '_1__fails',
        targetSystem: 'db',
        ...(transactional === undefined ? {} : { transactional }),
        inject: { sql: SqlExecutor },
        async apply({ sql }) {
          await sql.execute('UPDATE probe SET value = value + 1');
          throw new Error('the change failed');
        },
      });
    const start = (transactional: boolean | undefined): Promise<unknown> =>
      createFlamingock({
        ...KEY,
        auditStore: store,
        targets: { db: target },
        changes: [failing(transactional)],
        logger: false,
      })
        .run()
        .catch((error: unknown) => (error as { readonly code: unknown }).code);
    expect(await start(true)).toBe('FLG_CHANGE_FAILED');
    expect(await values()).toEqual([0, 0]);
    for (let round = 0; round < 2; round += 1) {
      expect(await start(undefined)).toBe('FLG_ISSUE_OPEN');
      expect(await values()).toEqual([1, 1]);
    }
  });
});
