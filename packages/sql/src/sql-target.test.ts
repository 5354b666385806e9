import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { BoundClients, FenceKey, TransactionOutcome } from '@flamingock/core/spi';
import { transactionalTargetContract } from '@flamingock/testing';
import Database from 'better-sqlite3';
import { type DatabaseFile, databaseFile } from '../test/database-file.js';
import { observedDriver, type SentStatement } from '../test/engine-statements.js';
import { sqliteTargetHarness } from '../test/sqlite-target-harness.js';
import { SqlExecutor } from './sql-executor.js';
import { sqlTarget } from './sql-target.js';
import { SqlTransactions } from './target/transactions.js';

const KEY: FenceKey = { service: 'orders', environment: 'production', tenant: '' };

describe.each(['delete', 'wal'] as const)('the SQLite target (%s) keeps the contract', (journal) => {
  const harness = sqliteTargetHarness(journal);
  for (const { name, run } of transactionalTargetContract()) test(name, () => run(harness));
});

describe('the SQLite target', () => {
  let file: DatabaseFile;
  let database: Database.Database;

  beforeEach(() => {
    file = databaseFile('delete');
    database = file.open({ timeout: 60_000 });
    database.exec('CREATE TABLE orders (id INTEGER PRIMARY KEY, state TEXT)');
  });
  afterEach(() => file.close());

  function run(
    work: (clients: BoundClients) => Promise<void>,
    on: Database.Database = database,
  ): Promise<TransactionOutcome> {
    const { transactions } = sqlTarget(on);
    if (transactions === undefined) throw new Error('a SQL target has transactions');
    return transactions.run({ key: KEY, idleTimeoutMs: 60_000, work });
  }
  function sql(clients: BoundClients): SqlExecutor {
    return clients.client(SqlExecutor) as SqlExecutor;
  }
  function ids(): unknown {
    return file.open().prepare('SELECT id FROM orders ORDER BY id').pluck().all();
  }

  test('says which database it is only where it was told', () => {
    expect(sqlTarget(database)).not.toHaveProperty('identity');
    expect(sqlTarget(database, { identity: 'orders@eu-1' }).identity).toBe('orders@eu-1');
    expect(() => sqlTarget(database, { identidy: 'orders' } as object)).toThrow(/Did you mean 'identity'/);
  });

  test('knows the executor also by the class of another copy of this package', () => {
    class OfAnotherCopy {}
    Object.defineProperty(OfAnotherCopy, Symbol.for('flamingock.sql-executor'), { value: true });
    expect(sqlTarget(database).transactions?.binds(OfAnotherCopy)).toBe(true);
    expect(sqlTarget(database).supplies(OfAnotherCopy)).toBe(true);
  });

  test('gives rows and counts', async () => {
    const outcome = await run(async (clients) => {
      const executor = sql(clients);
      expect(await executor.execute('INSERT INTO orders (state) VALUES (?), (?)', ['OPEN', 'PAID'])).toEqual({
        affected: 2,
      });
      expect(await executor.query('SELECT state FROM orders WHERE id = ?', [2])).toEqual([{ state: 'PAID' }]);
      expect(await executor.query('UPDATE orders SET state = NULL RETURNING id')).toEqual([
        { id: 1 },
        { id: 2 },
      ]);
      expect(await executor.query('DELETE FROM orders WHERE id = 2')).toEqual([]);
    });
    expect(outcome).toEqual({ status: 'committed' });
    expect(ids()).toEqual([1]);
  });

  test('gives a transactional change the database itself, inside of the transaction', async () => {
    const outcome = await run(async (clients) => {
      expect(clients.client(Database)).toBe(database);
      database.exec('INSERT INTO orders (id) VALUES (1)');
      return Promise.reject(new Error('the change failed'));
    });
    expect(outcome.status).toBe('rolled-back');
    expect(ids()).toEqual([]);
  });

  test('gives other changes the database itself, and an executor that commits each statement', async () => {
    const target = sqlTarget(database);
    expect(target.client(Database)).toBe(database);
    await (target.client(SqlExecutor) as SqlExecutor).execute('INSERT INTO orders (id) VALUES (1)');
    expect(ids()).toEqual([1]);
  });

  test.each([
    ['a statement that rolls back on conflict', 'INSERT OR ROLLBACK INTO orders (id) VALUES (1)'],
    ['a trigger that rolls back', `UPDATE orders SET state = 'REFUSED'`],
  ])('a change is broken by %s, also where it swallows the error', async (_what, statement) => {
    database.exec(`CREATE TRIGGER refuse BEFORE UPDATE ON orders WHEN new.state = 'REFUSED'
      BEGIN SELECT RAISE(ROLLBACK, 'refused'); END`);
    const outcome = await run(async (clients) => {
      await sql(clients).execute('INSERT INTO orders (id) VALUES (1)');
      await sql(clients)
        .execute(statement)
        .catch(() => undefined);
      await sql(clients)
        .execute('INSERT INTO orders (id) VALUES (2)')
        .catch(() => undefined);
    });
    expect(outcome).toMatchObject({ status: 'broken', error: { code: 'FLG_TRANSACTION_BROKEN' } });
    expect(ids()).toEqual([]);
  });

  test('a change that opens another transaction in place of ours is broken, and it is rolled back', async () => {
    const outcome = await run(async () => {
      database.exec('COMMIT; BEGIN; INSERT INTO orders (id) VALUES (1)');
      return Promise.resolve();
    });
    expect(outcome.status).toBe('broken');
    expect(database.inTransaction).toBe(false);
    expect(ids()).toEqual([]);
  });

  test('a constraint that is only checked by the commit rolls the change back', async () => {
    database.pragma('foreign_keys = ON');
    database.exec(
      'CREATE TABLE items (order_id INTEGER REFERENCES orders (id) DEFERRABLE INITIALLY DEFERRED)',
    );
    const outcome = await run(async (clients) => {
      await sql(clients).execute('INSERT INTO items (order_id) VALUES (99)');
    });
    expect(outcome).toMatchObject({ status: 'rolled-back', error: { code: 'SQLITE_CONSTRAINT_FOREIGNKEY' } });
    expect(database.inTransaction).toBe(false);
  });

  test('a commit that readers hold up for too long rolls the change back', async () => {
    const reader = file.open();
    reader.exec('BEGIN; SELECT count(*) FROM orders');
    const outcome = await run(
      async (clients) => {
        await sql(clients).execute('INSERT INTO orders (id) VALUES (1)');
      },
      file.open({ timeout: 20 }),
    );
    expect(outcome).toMatchObject({ status: 'rolled-back', error: { code: 'FLG_STORE_BUSY' } });
    reader.exec('COMMIT');
    expect(ids()).toEqual([]);
  });

  test('is busy, and blocks nobody for long, while another process writes', async () => {
    const target = sqlTarget(database);
    await target.transactions?.claim(KEY, 1);
    file.open().exec('BEGIN IMMEDIATE');
    await expect(target.transactions?.claim(KEY, 2)).rejects.toMatchObject({ code: 'FLG_STORE_BUSY' });
    await expect(run(async () => Promise.resolve())).rejects.toMatchObject({ code: 'FLG_STORE_BUSY' });
  });

  test('a change that throws at once, without a promise, is rolled back like any other', async () => {
    const error = new Error('at once');
    const outcome = await run(() => {
      throw error;
    });
    expect(outcome).toEqual({ status: 'rolled-back', error });
    expect(database.inTransaction).toBe(false);
  });

  test('does not begin inside of a transaction of the application', async () => {
    database.exec('BEGIN');
    await expect(run(async () => Promise.resolve())).rejects.toMatchObject({
      code: 'FLG_STORE_SHARED_CONNECTION',
    });
    expect(database.inTransaction).toBe(true);
  });

  test.each<[string, (executor: SqlExecutor) => Promise<unknown>]>([
    ['committed', (executor) => executor.execute('INSERT INTO orders (id) VALUES (1)')],
    ['rolled-back', () => Promise.reject(new Error('the change failed'))],
    ['broken', (executor) => executor.execute('COMMIT')],
  ])(
    'a transaction is durable, and one that is %s leaves the settings as they were',
    async (status, work) => {
      database.pragma('journal_mode = WAL');
      database.pragma('synchronous = NORMAL');
      const sent: SentStatement[] = [];
      const transactions = new SqlTransactions(observedDriver(database, sent), {
        binds: () => false,
        bind: () => ({ client: () => undefined }),
      });
      const outcome = await transactions.run({
        key: KEY,
        idleTimeoutMs: 60_000,
        work: async (clients) => {
          await work(sql(clients));
        },
      });
      expect(outcome.status).toBe(status);
      expect(sent.length).toBeGreaterThan(2);
      expect(sent.filter(({ synchronous }) => synchronous < 2)).toEqual([]);
      // The statements of the change wait as long as the application has said.
      expect(sent.at(-1)?.busyTimeoutMs).toBe(60_000);
      expect(database.pragma('synchronous', { simple: true })).toBe(1);
      expect(database.pragma('busy_timeout', { simple: true })).toBe(60_000);
    },
  );
});
