import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { auditStoreContract } from '@flamingock/testing';
import { DataSource } from 'typeorm';
import { type DataSourceFile, dataSourceFile } from '../test/data-source-file.js';
import { typeormAuditHarness } from '../test/typeorm-audit-harness.js';
import { typeormAuditStore } from './typeorm-audit-store.js';
import { typeormTarget } from './typeorm-target.js';

const KEY = { service: 'orders', environment: 'production', tenant: '' };

describe('the audit store on a data source keeps the contract', () => {
  for (const { name, run } of auditStoreContract()) test(name, () => run(typeormAuditHarness));
});

describe('the audit store on a data source', () => {
  let file: DataSourceFile;

  beforeEach(() => {
    file = dataSourceFile();
  });
  afterEach(() => file.close());

  test('reads in exactly one statement, which the log of TypeORM shows', async () => {
    const logged: string[] = [];
    const dataSource = await file.open({
      logger: {
        logQuery: (sql) => logged.push(sql),
        logQueryError: () => undefined,
        logQuerySlow: () => undefined,
        logSchemaBuild: () => undefined,
        logMigration: () => undefined,
        log: () => undefined,
      },
    });
    const store = typeormAuditStore(dataSource);
    await store.initialise();
    expect(logged.join('\n')).toContain('CREATE TABLE IF NOT EXISTS "flamingock_ledger"');
    logged.length = 0;
    expect((await store.read(KEY, 0)).initialised).toBe(true);
    expect(logged).toHaveLength(1);
  });

  test('has its tables under a prefix, and no schema on SQLite', async () => {
    const dataSource = await file.open();
    await typeormAuditStore(dataSource, { prefix: 'orders_' }).initialise();
    await typeormTarget(dataSource, { prefix: 'orders_' }).transactions?.claim(KEY, 1);
    const found = await dataSource.query<{ name: string }[]>(
      `SELECT name FROM sqlite_master WHERE name LIKE '%\\_fence' ESCAPE '\\' OR name LIKE '%\\_ledger' ESCAPE '\\'`,
    );
    expect(found.map(({ name }) => name).sort()).toEqual(['orders_fence', 'orders_ledger']);
    for (const make of [typeormAuditStore, typeormTarget])
      expect(() => make(dataSource, { schema: 'audit' })).toThrow(/FLG_OPTION_INVALID.*schema means nothing/);
  });

  test('shares transactions with a target on the same data source only', async () => {
    const dataSource = await file.open();
    expect(typeormAuditStore(dataSource).driver).toBe(dataSource);
  });

  test('refuses a data source that is not initialised', () => {
    const dataSource = new DataSource({ type: 'better-sqlite3', database: ':memory:' });
    expect(() => typeormAuditStore(dataSource)).toThrow(
      /FLG_OPTION_INVALID.*not initialised[^]*initialize\(\)/,
    );
  });

  test('refuses a driver that it does not know, and says which it knows', () => {
    const dataSource = { isInitialized: true, options: { type: 'oracle' } } as DataSource;
    expect(() => typeormAuditStore(dataSource)).toThrow(/FLG_OPTION_INVALID.*'oracle'[^]*better-sqlite3/);
  });
});
