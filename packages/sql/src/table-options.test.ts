import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { LedgerKey } from '@flamingock/core/spi';
import type Database from 'better-sqlite3';
import { type DatabaseFile, databaseFile } from '../test/database-file.js';
import { sqlAuditStore } from './sql-audit-store.js';
import { sqlTables } from './sql-tables.js';
import { sqlTarget } from './sql-target.js';

const KEY: LedgerKey = { service: 'orders', environment: 'production', tenant: '' };
const LEASE = { owner: 'a', host: 'host', processId: 1, leaseMs: 30_000 };

describe('the names of the tables', () => {
  let file: DatabaseFile;
  let database: Database.Database;

  beforeEach(() => {
    file = databaseFile('wal');
    database = file.open();
  });
  afterEach(() => file.close());

  function tables(): unknown {
    return database
      .prepare(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`)
      .pluck()
      .all();
  }

  test('begin with the prefix, so that several stores have a place in one database', async () => {
    const prefixed = sqlAuditStore(database, { prefix: 'Orders_' });
    const plain = sqlAuditStore(database);
    await prefixed.initialise();
    expect((await plain.read(KEY, 0)).initialised).toBe(false);
    await sqlTarget(database, { prefix: 'Orders_' }).transactions?.claim(KEY, 1);
    expect(tables()).toEqual([
      'Orders_checkpoint',
      'Orders_fence',
      'Orders_ledger',
      'Orders_lock',
      'Orders_schema',
    ]);
    const session = await prefixed.openSession();
    await session.acquire(KEY, LEASE);
    await session.close();
    await plain.initialise();
    expect((await prefixed.read(KEY, 0)).lock?.owner).toBe('a');
    expect((await plain.read(KEY, 0)).lock).toBeUndefined();
  });

  test('a lost table is told by its own name', async () => {
    const store = sqlAuditStore(database, { prefix: 'orders_' });
    await store.initialise();
    database.exec('DROP TABLE orders_lock');
    await expect(store.read(KEY, 0)).rejects.toThrow(/FLG_STORE_VERSION.*orders_schema exists/);
  });

  test('stand in the statements for those who create the tables themselves', async () => {
    const names = { prefix: 'orders_' };
    database.exec(sqlTables('sqlite', 'audit', names) + sqlTables('sqlite', 'target', names));
    const options = { ...names, createTables: false };
    expect((await sqlAuditStore(database, options).read(KEY, 0)).initialised).toBe(true);
    await expect(sqlTarget(database, options).transactions?.claim(KEY, 1)).resolves.toMatchObject({
      status: 'claimed',
    });
    expect(sqlTables('postgresql', 'audit', { schema: 'audit', ...names })).toContain(
      'CREATE TABLE IF NOT EXISTS "audit"."orders_ledger"',
    );
  });

  test('are checked, with all problems together', () => {
    const wrong = { prefix: '(); drop table', createTables: 'no', shema: 'x' } as object;
    for (const make of [() => sqlAuditStore(database, wrong), () => sqlTarget(database, wrong)])
      expect(make).toThrow(/FLG_SEVERAL_PROBLEMS[^]*'schema'[^]*createTables[^]*prefix must be a name/);
    expect(() => sqlAuditStore(database, { schema: 'main' })).toThrow(/schema means nothing on sqlite/);
    for (const names of [{ schema: 'a"b' }, { schema: '' }, { prefix: 'x'.repeat(41) }, { prefix: '1_' }])
      expect(() => sqlTables('postgresql', 'audit', names)).toThrow('FLG_OPTION_INVALID');
    expect(() => sqlTables('postgresql', 'audit', { createTables: true } as object)).toThrow(
      'FLG_OPTION_UNKNOWN',
    );
  });

  test('a database that can only be read is one coded error', async () => {
    await sqlAuditStore(database).initialise();
    const target = sqlTarget(database);
    await target.transactions?.claim(KEY, 1);
    const readOnly = file.open({ readonly: true });
    const session = await sqlAuditStore(readOnly).openSession();
    expect((await session.read(KEY, 0)).initialised).toBe(true);
    await expect(session.acquire(KEY, LEASE)).rejects.toMatchObject({ code: 'FLG_STORE_PERMISSION' });
    await expect(sqlTarget(readOnly).transactions?.claim(KEY, 2)).rejects.toMatchObject({
      code: 'FLG_TARGET_PERMISSION',
    });
  });
});
