import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  createFlamingock,
  defineChange,
  memoryAuditStore,
  type DefinedChange,
  type FlamingockOptions,
} from '@flamingock/core';
import Database from 'better-sqlite3';
import { type DatabaseFile, databaseFile } from '../test/database-file.js';
import { sqlAuditStore } from './sql-audit-store.js';
import { SqlExecutor } from './sql-executor.js';
import { sqlTarget } from './sql-target.js';

describe('a change with transactional: false that leaves a transaction open', () => {
  let file: DatabaseFile;
  let database: Database.Database;

  beforeEach(() => {
    file = databaseFile('wal');
    database = file.open();
    database.exec('CREATE TABLE orders (id INTEGER PRIMARY KEY)');
  });
  afterEach(() => file.close());

  function run(change: DefinedChange, options: Partial<FlamingockOptions> = {}): Promise<unknown> {
    return createFlamingock({
      service: 'orders',
      environment: 'production',
      auditStore: memoryAuditStore(),
      targets: { db: sqlTarget(database) },
      changes: [change],
      logger: false,
      ...options,
    }).run();
  }
  function sending(...statements: readonly string[]): DefinedChange {
    return defineChange({
      id: 'sends',
      name: '_1__Sends',
      transactional: false,
      inject: { sql: SqlExecutor },
      async apply({ sql }) {
        for (const statement of statements) await sql.execute(statement);
      },
    });
  }
  function ids(): unknown {
    return file.open().prepare('SELECT id FROM orders ORDER BY id').pluck().all();
  }

  test('has failed without a proof, and is rolled back', async () => {
    const change = sending('INSERT INTO orders VALUES (1)', 'BEGIN', 'INSERT INTO orders VALUES (2)');
    await expect(run(change)).rejects.toThrow(/FLG_ISSUE_OPEN[^]*left a transaction open/);
    expect(database.inTransaction).toBe(false);
    expect(ids()).toEqual([1]);
  });

  test('the same where the ledger is on this very connection', async () => {
    const auditStore = sqlAuditStore(database);
    const change = sending('BEGIN', 'INSERT INTO orders VALUES (1)');
    await expect(run(change, { auditStore })).rejects.toThrow(/FLG_ISSUE_OPEN[^]*left a transaction open/);
    expect(ids()).toEqual([]);
    expect(database.prepare(`SELECT state FROM flamingock_ledger WHERE kind <> 'run'`).pluck().all()).toEqual(
      ['STARTED', 'FAILED'],
    );
  });

  test('fails with its own error where it threw one', async () => {
    const change = sending('BEGIN', 'INSERT INTO missing VALUES (1)');
    await expect(run(change)).rejects.toThrow(/no such table: missing/);
    expect(database.inTransaction).toBe(false);
  });

  test('may begin and end as many as it likes', async () => {
    await run(
      sending(
        'PRAGMA foreign_keys = OFF',
        'BEGIN',
        'INSERT INTO orders VALUES (1)',
        'COMMIT',
        'BEGIN',
        'END',
      ),
    );
    expect(ids()).toEqual([1]);
  });

  test('is not called in a transaction of the application, which is left to it', async () => {
    const auditStore = memoryAuditStore();
    database.exec('BEGIN; INSERT INTO orders VALUES (7)');
    const change = sending('INSERT INTO orders VALUES (8)');
    await expect(run(change, { auditStore })).rejects.toMatchObject({ code: 'FLG_STORE_SHARED_CONNECTION' });
    database.exec('COMMIT');
    expect(ids()).toEqual([7]);
    await run(change, { auditStore });
    expect(ids()).toEqual([7, 8]);
  });

  test('waits for a transaction of the application that ends soon', async () => {
    database.exec('BEGIN; INSERT INTO orders VALUES (7)');
    setTimeout(() => database.exec('ROLLBACK'), 100);
    await run(sending('INSERT INTO orders VALUES (8)'));
    expect(ids()).toEqual([8]);
  });

  test('a transaction of the application that ends soon is not taken for one of the change', async () => {
    const change = defineChange({
      id: 'waits',
      name: '_1__Waits',
      transactional: false,
      inject: { database: Database },
      apply() {
        database.exec('BEGIN; INSERT INTO orders VALUES (8)');
        setTimeout(() => database.exec('COMMIT'), 100);
      },
    });
    await run(change);
    expect(ids()).toEqual([8]);
  });
});
