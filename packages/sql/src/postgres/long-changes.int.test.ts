import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import {
  createFlamingock,
  defineChange,
  type DefinedChange,
  type Flamingock,
  type FlamingockOptions,
} from '@flamingock/core';
import { describeWith } from '../../../../tools/services/describe-with.mjs';
import { postgres, startPostgres, type Postgres } from '../../../../tools/services/postgres.mjs';
import { type PostgresDatabase, postgresDatabase } from '../../test/postgres-database.js';
import { sqlAuditStore } from '../sql-audit-store.js';
import { SqlExecutor } from '../sql-executor.js';
import { sqlTarget } from '../sql-target.js';

const describeWithPostgres = await describeWith(postgres);

describeWithPostgres('long changes on PostgreSQL', () => {
  let server: Postgres;
  let ledger: PostgresDatabase;
  let orders: PostgresDatabase;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    [ledger, orders] = [await postgresDatabase(server), await postgresDatabase(server)];
    await orders.raw.query('CREATE TABLE probe (value integer)');
    await ledger.raw.query('CREATE TABLE probe (value integer)');
  });
  afterEach(async () => {
    await ledger.close();
    await orders.close();
  });

  function engine(
    shared: boolean,
    change: DefinedChange,
    parts: Partial<FlamingockOptions> = {},
  ): Flamingock {
    const pool = ledger.openPool();
    return createFlamingock({
      service: 'orders',
      environment: 'test',
      auditStore: sqlAuditStore(pool),
      targets: { db: sqlTarget(shared ? pool : orders.openPool()) },
      changes: [change],
      logger: false,
      abortGraceMs: 100,
      // The server goes on with a statement whose connection was cut; the next run ends that after a lease.
      lock: { leaseMs: 3000, renewMs: 1000 },
      ...parts,
    });
  }
  const filling = (parts: { readonly deadlineMs?: number }): DefinedChange =>
    defineChange({
      id: 'fill',
      name: '_0001__Fill',
      targetSystem: 'db',
      inject: { sql: SqlExecutor },
      ...parts,
      async apply({ sql }) {
        await sql.execute('INSERT INTO probe VALUES (1)');
        if ('deadlineMs' in parts) await sql.query('SELECT pg_sleep(120)');
      },
    });
  async function storyOf(flamingock: Flamingock): Promise<readonly string[]> {
    const { entries } = await flamingock.history();
    return entries.flatMap((entry) => ('state' in entry ? [`${entry.state}:${entry.proof}`] : []));
  }

  test.each([
    ['in a transaction with the ledger', true, ['FAILED:transaction']],
    ['in a transaction of its own', false, ['STARTED:none', 'FAILED:transaction']],
  ])(
    'a statement that goes on beyond the deadline is cut off, and the next start applies the change: %s',
    async (_where, shared, story) => {
      const slow = engine(shared, filling({ deadlineMs: 1000 }));
      await expect(slow.run()).rejects.toMatchObject({
        code: 'FLG_CHANGE_FAILED',
        message: expect.stringContaining('deadline of 1000 ms'),
      });
      expect(await storyOf(slow)).toEqual(story);
      await expect(engine(shared, filling({})).run()).resolves.toMatchObject({ outcome: 'applied' });
      const { rows } = await (shared ? ledger : orders).raw.query('SELECT value FROM probe');
      expect(rows).toEqual([{ value: 1 }]);
    },
  );

  test('a resumable change goes on from its last checkpoint', async () => {
    let broken = true;
    const batches = defineChange({
      id: 'fill',
      name: '_0001__Fill',
      targetSystem: 'db',
      transactional: false,
      resumable: true,
      inject: { sql: SqlExecutor },
      async apply({ sql }, { checkpoint }) {
        const done = (await checkpoint.load<{ readonly batch: number }>())?.batch ?? 0;
        for (let batch = done + 1; batch <= 4; batch += 1) {
          if (batch === 3 && broken) throw new Error('the power is gone');
          await sql.execute('INSERT INTO probe VALUES ($1)', [batch]);
          await checkpoint.save({ batch });
        }
      },
    });
    await expect(engine(false, batches).run()).rejects.toMatchObject({ code: 'FLG_CHANGE_FAILED' });
    broken = false;
    await expect(engine(false, batches).run()).resolves.toMatchObject({ outcome: 'applied' });
    const { rows } = await orders.raw.query<{ value: number }>('SELECT value FROM probe ORDER BY value');
    expect(rows.map(({ value }) => value)).toEqual([1, 2, 3, 4]);
  });
});
