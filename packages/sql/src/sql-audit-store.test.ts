import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { LedgerKey, SealedEntry } from '@flamingock/core/spi';
import { auditStoreContract } from '@flamingock/testing';
import type Database from 'better-sqlite3';
import { type DatabaseFile, databaseFile } from '../test/database-file.js';
import { observedDriver, type SentStatement } from '../test/engine-statements.js';
import { sqliteAuditHarness } from '../test/sqlite-audit-harness.js';
import { sqlAuditStore } from './sql-audit-store.js';
import { sqlTarget } from './sql-target.js';
import { sqlTables } from './sql-tables.js';
import { createSqlAuditStore } from './store/audit-store.js';

const KEY: LedgerKey = { service: 'orders', environment: 'production', tenant: '' };
const LEASE = { owner: 'a', host: 'host', processId: 1, leaseMs: 30_000 };

function entry(sequence: number): SealedEntry {
  const run = { kind: 'run', sequence, at: 1, previousHash: '', host: 'host', processId: 1 } as const;
  return {
    sequence,
    text: `{"sequence":${sequence}}`,
    hash: `hash ${sequence}`,
    entry: { ...run, executionId: 'execution', instanceId: 'instance' },
  };
}

describe.each(['delete', 'wal'] as const)('the SQLite audit store (%s) keeps the contract', (journal) => {
  const harness = sqliteAuditHarness(journal);
  for (const { name, run } of auditStoreContract()) test(name, () => run(harness));
});

describe('the SQLite audit store', () => {
  let file: DatabaseFile;
  let database: Database.Database;

  beforeEach(() => {
    file = databaseFile('wal');
    database = file.open();
  });
  afterEach(() => file.close());

  test('refuses an object that is no database', () => {
    expect(() => sqlAuditStore({} as Database.Database)).toThrow('FLG_OPTION_INVALID');
  });

  test('creates no tables where it must not, and says which are missing', async () => {
    const store = sqlAuditStore(database, { createTables: false });
    await expect(store.initialise()).rejects.toThrow(
      /FLG_OPTION_INVALID.*createTables[^]*CREATE TABLE IF NOT EXISTS "flamingock_ledger"/,
    );
    await expect(sqlTarget(database, { createTables: false }).transactions?.claim(KEY, 1)).rejects.toThrow(
      /FLG_OPTION_INVALID.*createTables[^]*CREATE TABLE IF NOT EXISTS "flamingock_fence"/,
    );
    database.exec(sqlTables('sqlite', 'audit') + sqlTables('sqlite', 'target'));
    expect((await store.read(KEY, 0)).initialised).toBe(true);
    expect(() => sqlAuditStore(database, { createTable: false } as object)).toThrow(
      /Did you mean 'createTables'/,
    );
  });

  test.each([0, 10, 1_000])('reads a ledger of %d entries in exactly one statement', async (count) => {
    const store = sqlAuditStore(database);
    await store.initialise();
    const session = await store.openSession();
    for (let sequence = 1; sequence <= count; sequence += 1) await session.append(KEY, entry(sequence));
    const statements: unknown[] = [];
    const counted = sqlAuditStore(file.open({ verbose: (sql) => statements.push(sql) }));
    expect((await counted.read(KEY, 0)).entries).toHaveLength(count);
    expect(statements).toHaveLength(1);
  });

  test('reads integers as numbers where the application reads bigints', async () => {
    database.defaultSafeIntegers(true);
    const store = sqlAuditStore(database);
    await store.initialise();
    const session = await store.openSession();
    await session.append(KEY, entry(1));
    const grant = await session.acquire(KEY, LEASE);
    const { entries, lock, highestSequence, now } = await store.read(KEY, 0);
    expect(typeof now).toBe('number');
    expect(entries[0]?.sequence).toBe(1);
    expect(lock).toMatchObject({ processId: 1, acquiredAt: grant?.now });
    expect(highestSequence).toBe(0);
  });

  test('writes durably and waits shortly, with settings that nobody else ever sees', async () => {
    const sent: SentStatement[] = [];
    const store = createSqlAuditStore(observedDriver(database, sent));
    const settings = (): unknown[] =>
      ['synchronous', 'busy_timeout'].map((name) => database.pragma(name, { simple: true }));
    database.pragma('schema_version');
    expect(settings()).toEqual([1, 5_000]);

    await store.initialise();
    const session = await store.openSession();
    await session.acquire(KEY, LEASE);
    await session.append(KEY, entry(1));
    await session.renew(KEY, LEASE, 1);
    expect(settings()).toEqual([1, 5_000]);
    await session.release(KEY, LEASE.owner, 1);
    await session.close();

    const writes = sent.filter(({ sql }) => /^(INSERT|UPDATE|CREATE|BEGIN|COMMIT)/.test(sql));
    expect(writes.map(({ sql }) => sql.split(/\s/, 1)[0])).toContain('INSERT');
    expect(writes.filter(({ synchronous }) => synchronous < 2)).toEqual([]);
    expect(writes.filter(({ busyTimeoutMs }) => busyTimeoutMs > 250)).toEqual([]);
  });

  test('is busy, and blocks nobody for long, while another process writes', async () => {
    const store = sqlAuditStore(file.open({ timeout: 60_000 }));
    await store.initialise();
    const session = await store.openSession();
    await session.acquire(KEY, LEASE);
    database.exec('BEGIN IMMEDIATE');
    for (const request of [
      () => session.append(KEY, entry(1)),
      () => session.renew(KEY, LEASE, 0),
      () => session.acquire(KEY, LEASE),
      () => session.release(KEY, LEASE.owner, 0),
    ]) {
      await expect(request()).rejects.toMatchObject({ code: 'FLG_STORE_BUSY' });
    }
    expect((await session.read(KEY, 0)).lock?.owner).toBe('a');
    database.exec('ROLLBACK');
    await session.append(KEY, entry(1));
  });

  test('writes nothing into a transaction that a change has left open', async () => {
    const store = sqlAuditStore(database);
    await store.initialise();
    const session = await store.openSession();
    await session.acquire(KEY, LEASE);
    database.exec('BEGIN');
    await expect(session.append(KEY, entry(1))).rejects.toMatchObject({
      code: 'FLG_STORE_SHARED_CONNECTION',
    });
    await expect(session.renew(KEY, LEASE, 0)).rejects.toMatchObject({ code: 'FLG_STORE_BUSY' });
    database.exec('COMMIT');
    expect((await store.read(KEY, 0)).entries).toEqual([]);
    await session.append(KEY, entry(1));
  });

  test('is busy while a change of another engine of this process runs on the same connection', async () => {
    const store = sqlAuditStore(database);
    await store.initialise();
    const session = await store.openSession();
    const outcome = await sqlTarget(database).transactions?.run({
      key: KEY,
      idleTimeoutMs: 60_000,
      async work() {
        await expect(session.append(KEY, entry(1))).rejects.toMatchObject({ code: 'FLG_STORE_BUSY' });
      },
    });
    expect(outcome).toEqual({ status: 'committed' });
    await session.append(KEY, entry(1));
  });

  test('is busy while the application steps through rows of the same connection', async () => {
    const store = sqlAuditStore(database);
    await store.initialise();
    const session = await store.openSession();
    const rows = database.prepare('SELECT 1 UNION SELECT 2').iterate();
    rows.next();
    await expect(session.append(KEY, entry(1))).rejects.toMatchObject({ code: 'FLG_STORE_BUSY' });
    rows.return?.();
    await session.append(KEY, entry(1));
  });

  test('waits for a transaction of the application that ends soon', async () => {
    const store = sqlAuditStore(database);
    await store.initialise();
    const session = await store.openSession();
    database.exec('BEGIN');
    setTimeout(() => database.exec('ROLLBACK'), 50);
    await session.append(KEY, entry(1));
    expect((await store.read(KEY, 0)).entries).toHaveLength(1);
  });

  test('does not take a lost ledger for a new one', async () => {
    const store = sqlAuditStore(database);
    await store.initialise();
    database.exec('DROP TABLE flamingock_ledger');
    await expect(store.read(KEY, 0)).rejects.toMatchObject({ code: 'FLG_STORE_VERSION' });
  });

  test('names the version that it found and the one that it knows', async () => {
    const store = sqlAuditStore(database);
    await store.initialise();
    database.exec('UPDATE flamingock_schema SET version = 7');
    await expect(store.read(KEY, 0)).rejects.toThrow(/version 7; this release knows version 1/);
  });

  test('takes only a duplicate of its own key for a lost lock', async () => {
    const store = sqlAuditStore(database);
    await store.initialise();
    database.exec(`CREATE TABLE other (sequence INTEGER PRIMARY KEY);
      INSERT INTO other VALUES (1);
      CREATE TRIGGER copy AFTER INSERT ON flamingock_ledger BEGIN INSERT INTO other VALUES (new.sequence); END`);
    const session = await store.openSession();
    const error: unknown = await session.append(KEY, entry(1)).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'SQLITE_CONSTRAINT_PRIMARYKEY' });
  });

  test('keeps what people look for in columns of their own', async () => {
    const store = sqlAuditStore(database);
    await store.initialise();
    const session = await store.openSession();
    await session.append(KEY, entry(1));
    expect(
      database.prepare('SELECT kind, change_id, execution_id, recorded_at FROM flamingock_ledger').all(),
    ).toEqual([{ kind: 'run', change_id: null, execution_id: 'execution', recorded_at: 1 }]);
  });

  test('refuses a session that was closed', async () => {
    const store = sqlAuditStore(database);
    await store.initialise();
    const session = await store.openSession();
    await session.close();
    await expect(session.append(KEY, entry(1))).rejects.toMatchObject({ code: 'FLG_CLOSED' });
  });
});
