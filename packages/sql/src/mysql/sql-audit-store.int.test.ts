import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createFlamingock, defineChange } from '@flamingock/core';
import type { LedgerKey } from '@flamingock/core/spi';
import type mysql from 'mysql2/promise';
import { describeWith } from '../../../../tools/services/describe-with.mjs';
import { ownMariadb, type Mariadb, startMariadb } from '../../../../tools/services/mariadb.mjs';
import { type MariadbDatabase, mariadbDatabase } from '../../test/mariadb-database.js';
import { sqlAuditStore } from '../sql-audit-store.js';
import { SqlExecutor } from '../sql-executor.js';
import { sqlTables } from '../sql-tables.js';
import { sqlTarget } from '../sql-target.js';

const KEY: LedgerKey = { service: 'orders', environment: 'production', tenant: '' };

const describeWithMariadb = await describeWith(ownMariadb);

describeWithMariadb('the audit store on MariaDB', () => {
  let server: Mariadb;
  let database: MariadbDatabase;
  let pool: mysql.Pool;

  beforeAll(async () => {
    server = await startMariadb({ logStatements: true });
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    database = await mariadbDatabase(server);
    pool = database.openPool();
  });
  afterEach(() => database.close());

  const change = defineChange({
    id: 'create-orders',
    name: '_1__CreateOrders',
    targetSystem: 'db',
    inject: { sql: SqlExecutor },
    async apply({ sql }) {
      await sql.execute('CREATE TABLE orders (id int PRIMARY KEY)');
    },
  });
  const start = (auditStore = sqlAuditStore(pool), createTables = true): Promise<unknown> =>
    createFlamingock({
      ...KEY,
      auditStore,
      targets: { db: sqlTarget(pool, { createTables }) },
      changes: [change],
      logger: false,
    }).run();

  test('a start with nothing pending is one statement', async () => {
    await start();
    const before = (await server.statements(database.url)).length;
    await start();
    expect((await server.statements(database.url)).slice(before)).toHaveLength(1);
  });

  test('with createTables: false it says which statements are missing, and those are enough', async () => {
    const store = sqlAuditStore(pool, { createTables: false });
    await expect(start(store, false)).rejects.toMatchObject({
      code: 'FLG_OPTION_INVALID',
      hint: expect.stringContaining('CREATE TABLE IF NOT EXISTS `flamingock_ledger`'),
    });
    const script = [sqlTables('mysql', 'audit'), sqlTables('mysql', 'target')].join('\n');
    for (let round = 0; round < 2; round += 1)
      for (const statement of script.split(';\n').filter((text) => text.trim() !== ''))
        await database.raw.query(statement);
    await start(store, false);
    await database.raw.query('SELECT id FROM orders');
  });

  test('tables whose creation was interrupted are completed', async () => {
    await sqlAuditStore(pool).initialise();
    await database.raw.query('DELETE FROM flamingock_schema');
    expect((await sqlAuditStore(pool).read(KEY, 0)).initialised).toBe(false);
    await database.raw.query('DROP TABLE flamingock_schema, flamingock_checkpoint');
    expect((await sqlAuditStore(pool).read(KEY, 0)).initialised).toBe(false);
    await start();
    await database.raw.query('SELECT id FROM orders');
  });

  test('a ledger that is gone is not taken for a new one', async () => {
    await start();
    await database.raw.query('DROP TABLE flamingock_ledger');
    await expect(start()).rejects.toMatchObject({ code: 'FLG_STORE_VERSION' });
  });

  test('a duplicate of another table, which a trigger raises, is not taken for a lost lock', async () => {
    await start();
    await database.raw.query('CREATE TABLE copies (kind varchar(20) PRIMARY KEY)');
    await database.raw.query(
      'CREATE TRIGGER copy AFTER INSERT ON flamingock_ledger FOR EACH ROW INSERT INTO copies VALUES (NEW.kind)',
    );
    const session = await sqlAuditStore(pool).openSession();
    const { entries } = await session.read(KEY, 0);
    const [first] = entries;
    const entry = { ...JSON.parse(first?.text ?? ''), kind: 'run' } as Parameters<
      typeof session.append
    >[1]['entry'];
    const append = (sequence: number): Promise<unknown> =>
      session
        .append(KEY, { entry, sequence, text: '{}', hash: '' })
        .catch((error: unknown) => (error as { readonly code: unknown }).code);
    expect(await append(entries.length + 1)).toBe(undefined);
    expect(await append(entries.length + 2)).toBe('ER_DUP_ENTRY');
    expect(await append(entries.length + 1)).toBe('FLG_SEQUENCE_TAKEN');
    await session.close();
  });

  test('what is written is exact on a connection of another character set', async () => {
    const latin = sqlAuditStore(database.openPool({ charset: 'latin1' }));
    const key = { ...KEY, service: 'größe 👍 ' };
    await latin.initialise();
    const session = await latin.openSession();
    await session.acquire(key, { owner: 'a', host: 'höst 👍', processId: 1, leaseMs: 60_000 });
    await session.close();
    for (const store of [latin, sqlAuditStore(pool)])
      expect((await store.read(key, 0)).lock?.host).toBe('höst 👍');
  });

  test('an id that is too long for the key is refused, and not cut off', async () => {
    const key = { ...KEY, service: 'x'.repeat(765) };
    await expect(sqlAuditStore(pool).read(key, 0)).rejects.toMatchObject({ code: 'FLG_OPTION_INVALID' });
  });

  test('a user who may only read is told which rights to be given', async () => {
    await sqlAuditStore(pool).initialise();
    const rights = ['schema', 'ledger', 'lock'].map((table) => `SELECT ON flamingock_${table}`);
    const store = sqlAuditStore(database.openPool({ uri: await database.restricted(rights) }));
    const error: unknown = await start(store).catch((failure: unknown) => failure);
    expect(error).toMatchObject({
      code: 'FLG_STORE_PERMISSION',
      hint: expect.stringMatching(
        /GRANT INSERT ON `\w+`.`flamingock_ledger` TO[^]*GRANT INSERT, UPDATE ON `\w+`.`flamingock_lock` TO/,
      ),
    });
  });

  test('a user who may create no tables is told which rights to be given', async () => {
    const store = sqlAuditStore(database.openPool({ uri: await database.restricted(['SELECT ON *']) }));
    const error: unknown = await start(store).catch((failure: unknown) => failure);
    expect(error).toMatchObject({
      code: 'FLG_STORE_PERMISSION',
      hint: expect.stringMatching(
        /GRANT CREATE ON `\w+`.\* TO[^]*GRANT INSERT ON `\w+`.`flamingock_schema` TO/,
      ),
    });
  });
});
