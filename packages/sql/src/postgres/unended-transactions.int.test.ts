import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createFlamingock, defineChange, type DefinedChange, memoryAuditStore } from '@flamingock/core';
import type { Target } from '@flamingock/core/spi';
import pg from 'pg';
import { describeWith } from '../../../../tools/services/describe-with.mjs';
import { postgres, startPostgres, type Postgres } from '../../../../tools/services/postgres.mjs';
import { type PostgresDatabase, postgresDatabase } from '../../test/postgres-database.js';
import { sqlAuditStore } from '../sql-audit-store.js';
import { SqlExecutor } from '../sql-executor.js';
import { sqlTarget } from '../sql-target.js';

const describeWithPostgres = await describeWith(postgres);

describeWithPostgres('a change with transactional: false that leaves a transaction open', () => {
  let server: Postgres;
  let database: PostgresDatabase;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    database = await postgresDatabase(server);
    await database.raw.query('CREATE TABLE probe (value text)');
  });
  afterEach(() => database.close());

  function run(db: Target, change: DefinedChange): Promise<unknown> {
    const key = { service: 'orders', environment: 'production' };
    return createFlamingock({
      ...key,
      auditStore: memoryAuditStore(),
      targets: { db },
      changes: [change],
      logger: false,
    }).run();
  }
  const sending = (...statements: readonly string[]): DefinedChange =>
    defineChange({
      id: 'sends',
      name: '_1__Sends',
      transactional: false,
      inject: { sql: SqlExecutor },
      async apply({ sql }) {
        for (const statement of statements) await sql.execute(statement);
      },
    });
  const sendingOnClient = (...statements: readonly string[]): DefinedChange =>
    defineChange({
      id: 'sends',
      name: '_1__Sends',
      transactional: false,
      inject: { client: pg.Client },
      async apply({ client }) {
        for (const statement of statements) await client.query(statement);
      },
    });
  async function count(): Promise<unknown> {
    return (await database.raw.query('SELECT FROM probe')).rowCount;
  }

  test('on a single client has failed without a proof, and is rolled back', async () => {
    const client = await database.openClient();
    const change = sendingOnClient('BEGIN', `INSERT INTO probe VALUES ('a')`);
    await expect(run(sqlTarget(client), change)).rejects.toThrow(/FLG_ISSUE_OPEN[^]*left a transaction open/);
    expect((await client.query<object>('SELECT pg_current_xact_id_if_assigned() AS xid')).rows).toEqual([
      { xid: null },
    ]);
    expect(await count()).toBe(0);
  });

  test('may end it', async () => {
    const change = sendingOnClient('BEGIN', `INSERT INTO probe VALUES ('a')`, 'COMMIT');
    await run(sqlTarget(await database.openClient()), change);
    expect(await count()).toBe(1);
  });

  test.each([
    ['a pool', async () => sqlTarget(database.openPool())],
    ['a single client', async () => sqlTarget(await database.openClient())],
  ])('with the executor on %s fails at once', async (_what, open) => {
    for (const statement of ['BEGIN', `BEGIN; INSERT INTO probe VALUES ('a')`])
      await expect(run(await open(), sending(statement))).rejects.toThrow(/left a transaction open/);
    await run(await open(), sending(`BEGIN; INSERT INTO probe VALUES ('b'); COMMIT`));
    expect(await count()).toBe(1);
  });

  test('on a single client, a transaction of the application is left to it when the store has read', async () => {
    const client = await database.openClient();
    const store = sqlAuditStore(client);
    await store.initialise();
    await client.query('BEGIN');
    await client.query(`INSERT INTO probe VALUES ('theirs')`);
    await store.read({ service: 'orders', environment: 'production', tenant: '' }, 0);
    await client.query('COMMIT');
    expect(await count()).toBe(1);
  });
});
