import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFlamingock, defineChange, type DefinedChange, type Flamingock } from '@flamingock/core';
import type pg from 'pg';
import { describeWith } from '../../../../tools/services/describe-with.mjs';
import { postgres, startPostgres, type Postgres } from '../../../../tools/services/postgres.mjs';
import { type PostgresDatabase, postgresDatabase } from '../../test/postgres-database.js';
import { sqlAuditStore } from '../sql-audit-store.js';
import { SqlExecutor } from '../sql-executor.js';
import { sqlTarget } from '../sql-target.js';

const describeWithPostgres = await describeWith(postgres);

/** Shorter than the engine's statements wait for a lock. */
const STATEMENT_TIMEOUT_MS = 200;
/** Longer than both. */
const HELD_MS = 1_000;

describeWithPostgres('on databases that end every statement after a short time', () => {
  let server: Postgres;
  let ledger: PostgresDatabase;
  let orders: PostgresDatabase;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    [ledger, orders] = [await postgresDatabase(server), await postgresDatabase(server)];
    for (const { raw, url } of [ledger, orders]) {
      await raw.query(
        `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET statement_timeout = ${STATEMENT_TIMEOUT_MS}`,
      );
    }
    await engine([change(1)]).run();
  });
  afterEach(async () => {
    await ledger.close();
    await orders.close();
  });

  function engine(changes: readonly DefinedChange[], options: pg.PoolConfig = {}): Flamingock {
    return createFlamingock({
      service: 'orders',
      environment: 'test',
      auditStore: sqlAuditStore(ledger.openPool()),
      targets: { orders: sqlTarget(orders.openPool(options)) },
      changes,
      logger: false,
    });
  }
  const change = (order: number, statement = 'SELECT 1', statementTimeoutMs?: number): DefinedChange =>
    defineChange({
      id: `change-${order}`,
      order,
      name: `change-${order}`,
      inject: { sql: SqlExecutor },
      ...(statementTimeoutMs === undefined ? {} : { statementTimeoutMs }),
      apply: ({ sql }) => sql.query(statement),
    });

  test.each([
    ['the ledger', () => ledger, 'flamingock_ledger'],
    ['the lock', () => ledger, 'flamingock_lock'],
    ['the fence of a target', () => orders, 'flamingock_fence'],
  ])('whoever keeps %s for a while only makes the engine wait', async (_what, database, table) => {
    const client = await database().openPool().connect();
    await client.query(`BEGIN; LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`);
    const run = engine([change(1), change(2)]).run();
    await sleep(HELD_MS);
    await client.query('COMMIT');
    client.release();
    await expect(run).resolves.toMatchObject({ applied: [{ id: 'change-2' }] });
  });

  test('the statements of a change take as long as the application allows, or the change says', async () => {
    const slow = `SELECT pg_sleep(${HELD_MS / 1000})`;
    await expect(engine([change(1), change(2, slow)]).run()).rejects.toMatchObject({
      code: 'FLG_CHANGE_FAILED',
      message: expect.stringContaining('statement timeout'),
    });
    await expect(engine([change(1), change(2, slow, 10 * HELD_MS)]).run()).resolves.toMatchObject({
      applied: [{ id: 'change-2' }],
    });
  });

  test('a change learns that the client has given up its statement, and nothing of it remains', async () => {
    await orders.raw.query('CREATE TABLE probe (value text)');
    const holder = await orders.openPool().connect();
    await holder.query('BEGIN; LOCK TABLE probe');
    const inserting = change(2, `INSERT INTO probe VALUES ('a')`, 10 * 60_000);
    await expect(engine([change(1), inserting], { query_timeout: 500 }).run()).rejects.toMatchObject({
      code: 'FLG_CHANGE_FAILED',
      message: expect.stringContaining('Query read timeout'),
    });
    await holder.query('COMMIT');
    holder.release();
    await engine([change(1), inserting]).run();
    expect((await orders.raw.query('SELECT FROM probe')).rowCount).toBe(1);
  }, 60_000);
});
