import assert from 'node:assert/strict';
import { createFlamingock, type DefinedChange, defineChange, type RunReport } from '@flamingock/core';
import type { AuditStore, LedgerKey } from '@flamingock/core/spi';
import { auditStoreContract, transactionalTargetContract } from '@flamingock/testing';
import { sqlAuditStore } from '../src/sql-audit-store.js';
import { SqlExecutor } from '../src/sql-executor.js';
import { sqlTarget } from '../src/sql-target.js';
import { type DatabaseSync, nodeSqlite, nodeSqliteModule } from './node-sqlite.js';
import { sqliteAuditHarness } from './sqlite-audit-harness.js';
import { sqliteTargetHarness } from './sqlite-target-harness.js';

const KEY: LedgerKey = { service: 'orders', environment: 'production', tenant: '' };

/** What holds on `node:sqlite`. Nothing of it is looked at before a case runs, so that any Node can tell their names. */
export const nodeSqliteCases: readonly { readonly name: string; readonly run: () => Promise<void> }[] = [
  ...auditStoreContract().map(({ name, run }) => ({
    name: `audit store: ${name}`,
    run: () => run(sqliteAuditHarness('wal', nodeSqlite)),
  })),
  ...transactionalTargetContract().map(({ name, run }) => ({
    name: `target: ${name}`,
    run: () => run(sqliteTargetHarness('wal', nodeSqlite)),
  })),
  { name: 'gives rows and counts', run: givesRowsAndCounts },
  { name: 'refuses a text of several statements', run: refusesScripts },
  { name: 'reads numbers and objects where the application reads bigints and arrays', run: readsItsOwnForm },
  { name: 'gives a transactional change the database itself, and rolls it back with its entry', run: shares },
  { name: 'rolls back what a change without a transaction leaves open', run: rollsBackWhatIsOpen },
  { name: 'a start with nothing pending is one statement', run: startsWithOneStatement },
  { name: 'refuses a database that is closed', run: refusesClosed },
];

async function givesRowsAndCounts(): Promise<void> {
  await onDatabase((database) =>
    start(
      database,
      change('counts', async (sql) => {
        await sql.execute('CREATE TABLE orders (id INTEGER PRIMARY KEY, state TEXT)');
        const inserted = await sql.execute('INSERT INTO orders (state) VALUES (?), (?); -- both', [
          'OPEN',
          'PAID',
        ]);
        assert.equal(inserted.affected, 2);
        const [row] = await sql.query('SELECT state FROM orders WHERE id = ?', [2]);
        assert.deepEqual({ ...row }, { state: 'PAID' });
        assert.equal((await sql.execute('UPDATE orders SET state = NULL RETURNING id')).affected, 2);
        assert.deepEqual(await sql.query('DELETE FROM orders WHERE id = 2'), []);
      }),
    ),
  );
}

async function refusesScripts(): Promise<void> {
  await onDatabase(async (database) => {
    const script = change('script', (sql) => sql.execute('CREATE TABLE a (id); CREATE TABLE b (id)'));
    await assert.rejects(start(database, script), /more than one/);
    assert.deepEqual(tables(database), []);
  });
}

async function readsItsOwnForm(): Promise<void> {
  await onDatabase(
    async (database) => {
      const first = change('first', async (sql) => {
        assert.deepEqual({ ...(await sql.query('SELECT 1 AS one'))[0] }, { one: 1n });
      });
      await start(database, first);
      assert.deepEqual((await start(database, first)).applied, []);
      const { entries, highestSequence, now } = await sqlAuditStore(database).read(KEY, 0);
      assert.equal(typeof now, 'number');
      assert.equal(entries.at(-1)?.sequence, highestSequence);
    },
    () => new (nodeSqliteModule().DatabaseSync)(':memory:', { readBigInts: true, returnArrays: true }),
  );
}

async function shares(): Promise<void> {
  await onDatabase(async (database) => {
    const { DatabaseSync } = nodeSqliteModule();
    const creates = defineChange({
      id: 'creates',
      order: 1,
      name: 'creates',
      inject: { database: DatabaseSync, sql: SqlExecutor },
      async apply({ database: given, sql }) {
        assert.equal(given, database);
        given.exec('CREATE TABLE orders (id INTEGER PRIMARY KEY)');
        await sql.execute('INSERT INTO missing VALUES (1)');
      },
    });
    await assert.rejects(start(database, creates), /no such table: missing/);
    assert.deepEqual(tables(database), []);
    assert.equal(database.isTransaction, false);
  });
}

async function rollsBackWhatIsOpen(): Promise<void> {
  await onDatabase(async (database) => {
    const leaves = change('leaves', (sql) => sql.execute('BEGIN'), false);
    await assert.rejects(start(database, leaves), /FLG_ISSUE_OPEN[^]*left a transaction open/);
    assert.equal(database.isTransaction, false);
  });
}

async function startsWithOneStatement(): Promise<void> {
  await onDatabase(async (database) => {
    const applied = change('applied', (sql) => sql.execute('CREATE TABLE orders (id)'));
    await start(database, applied);
    const sent: string[] = [];
    const prepare = database.prepare.bind(database);
    Object.defineProperty(database, 'prepare', {
      value: (sql: string) => {
        sent.push(sql);
        return prepare(sql);
      },
    });
    await start(database, applied);
    assert.equal(sent.length, 1);
  });
}

async function refusesClosed(): Promise<void> {
  const database = new (nodeSqliteModule().DatabaseSync)(':memory:');
  const store: AuditStore = sqlAuditStore(database);
  database.close();
  sqlTarget(database);
  await assert.rejects(store.read(KEY, 0), /not open/);
}

async function onDatabase(
  work: (database: DatabaseSync) => Promise<unknown>,
  open: () => DatabaseSync = () => new (nodeSqliteModule().DatabaseSync)(':memory:'),
): Promise<void> {
  const database = open();
  try {
    await work(database);
  } finally {
    database.close();
  }
}

function change(
  id: string,
  apply: (sql: SqlExecutor) => Promise<unknown>,
  transactional = true,
): DefinedChange {
  return defineChange({
    id,
    order: 1,
    name: id,
    transactional,
    inject: { sql: SqlExecutor },
    async apply({ sql }) {
      await apply(sql);
    },
  });
}

/** Store and target share the database. */
function start(database: DatabaseSync, ...changes: DefinedChange[]): Promise<RunReport> {
  return createFlamingock({
    service: KEY.service,
    environment: KEY.environment,
    auditStore: sqlAuditStore(database),
    targets: { orders: sqlTarget(database) },
    changes,
    logger: false,
  }).run();
}

/** Of the application. */
function tables(database: DatabaseSync): readonly unknown[] {
  const names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'flamingock%'";
  return database.prepare(names).all();
}
