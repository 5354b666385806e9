import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createFlamingock, defineChange, type RunReport } from '@flamingock/core';
import { isFlamingockError, type LedgerKey, type SealedEntry } from '@flamingock/core/spi';
import type pg from 'pg';
import { describeWith } from '../../../../tools/services/describe-with.mjs';
import { postgres, startPostgres, type Postgres } from '../../../../tools/services/postgres.mjs';
import { type PostgresDatabase, postgresDatabase } from '../../test/postgres-database.js';
import { sqlAuditStore } from '../sql-audit-store.js';
import { SqlExecutor } from '../sql-executor.js';
import { sqlTables } from '../sql-tables.js';
import { sqlTarget } from '../sql-target.js';
import type { TableOptions } from '../table-options.js';

const KEY: LedgerKey = { service: 'orders', environment: 'production', tenant: '' };
const LEASE = { owner: 'a', host: 'host', processId: 1, leaseMs: 30_000 };

function entry(sequence: number): SealedEntry {
  const run = { kind: 'run', sequence, at: 1, previousHash: '', host: 'host', processId: 1 } as const;
  const parts = { executionId: 'execution', instanceId: 'instance' };
  return { sequence, text: `{}`, hash: `hash ${sequence}`, entry: { ...run, ...parts } };
}

const describeWithPostgres = await describeWith(postgres);

describeWithPostgres('the tables on PostgreSQL', () => {
  let server: Postgres;
  let database: PostgresDatabase;
  let pool: pg.Pool;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    database = await postgresDatabase(server);
    pool = database.openPool();
  });
  afterEach(() => database.close());

  async function tables(): Promise<unknown> {
    const { rows } = await database.raw.query<{ name: string }>(
      `SELECT schemaname || '.' || tablename AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY name`,
    );
    return rows.map(({ name }) => name);
  }
  function start(names: TableOptions, count: number): Promise<unknown> {
    const changes = Array.from({ length: count }, (_, index) =>
      defineChange({
        id: `change-${index + 1}`,
        name: `_${index + 1}__Change`,
        inject: { sql: SqlExecutor },
        async apply({ sql }) {
          await sql.execute('SELECT 1');
        },
      }),
    );
    return createFlamingock({
      ...KEY,
      auditStore: sqlAuditStore(pool, names),
      targets: { db: sqlTarget(database.openPool(), names) },
      changes,
      logger: false,
    }).run();
  }

  test('live in the schema and under the prefix of the options, whatever the search_path is', async () => {
    await database.raw.query('CREATE SCHEMA "Order"; CREATE SCHEMA other');
    pool = database.openPool({ options: '-c search_path=other' });
    const names = { schema: 'Order', prefix: 'change_' };
    await start(names, 1);
    await expect(start(names, 3)).resolves.toMatchObject({
      applied: [{ id: 'change-2' }, { id: 'change-3' }],
    });
    expect(await tables()).toEqual([
      'Order.change_checkpoint',
      'Order.change_fence',
      'Order.change_ledger',
      'Order.change_lock',
      'Order.change_schema',
    ]);
    const { rows } = await database.raw.query(
      'SELECT begun::integer, applied::integer, (SELECT max(sequence) FROM "Order".change_ledger)::integer AS last FROM "Order".change_fence',
    );
    expect(rows).toEqual([{ begun: 7, applied: 7, last: 8 }]);
  });

  test.each(['with the store', 'on another pool than the store'])(
    'stay those of the run where a change sets the search_path in its transaction, %s',
    async (where) => {
      await database.raw.query('CREATE SCHEMA tenant; CREATE TABLE tenant.orders (id integer)');
      // As another application of the same service has them there.
      await database.raw.query(
        `SET search_path = tenant; ${sqlTables('postgresql', 'audit')}; ${sqlTables('postgresql', 'target')}; SET search_path = public`,
      );
      const start = (): Promise<RunReport> =>
        createFlamingock({
          ...KEY,
          auditStore: sqlAuditStore(pool),
          targets: { db: sqlTarget(where === 'with the store' ? pool : database.openPool()) },
          changes: ['SET search_path = tenant', 'SET LOCAL search_path = tenant'].map((statement, index) =>
            defineChange({
              id: `change-${index + 1}`,
              name: `_${index + 1}__Change`,
              inject: { sql: SqlExecutor },
              async apply({ sql }) {
                await sql.execute(statement);
                await sql.execute('INSERT INTO orders (id) VALUES ($1)', [index]);
              },
            }),
          ),
          logger: false,
        }).run();
      expect((await start()).outcome).toBe('applied');
      pool = database.openPool();
      expect((await start()).outcome).toBe('up-to-date');
      const { rows } = await database.raw.query<object>(
        'SELECT id, (SELECT count(*)::int FROM tenant.flamingock_ledger) AS foreign FROM tenant.orders ORDER BY id',
      );
      expect(rows).toEqual([
        { id: 0, foreign: 0 },
        { id: 1, foreign: 0 },
      ]);
    },
  );

  test('know their own duplicates, and their own loss', async () => {
    await database.raw.query('CREATE SCHEMA audit');
    const store = sqlAuditStore(pool, { schema: 'audit', prefix: 'a_' });
    expect((await store.read(KEY, 0)).initialised).toBe(false);
    await store.initialise();
    const session = await store.openSession();
    await session.append(KEY, entry(1));
    await expect(session.append(KEY, entry(1))).rejects.toMatchObject({ code: 'FLG_SEQUENCE_TAKEN' });
    await session.close();
    await database.raw.query('DROP TABLE audit.a_ledger');
    await expect(store.read(KEY, 0)).rejects.toThrow(/FLG_STORE_VERSION.*audit\.a_schema exists/);
  });

  test('a schema is never created, and one that is missing is named', async () => {
    const names = { schema: 'missing' };
    const error = /FLG_OPTION_INVALID.*schema missing .*does not exist[^]*CREATE SCHEMA "missing"/;
    const store = sqlAuditStore(pool, names);
    expect((await store.read(KEY, 0)).initialised).toBe(false);
    await expect(store.initialise()).rejects.toThrow(error);
    await expect(sqlTarget(pool, names).transactions?.claim(KEY, 1)).rejects.toThrow(error);
    const nowhere = sqlAuditStore(database.openPool({ options: '-c search_path=missing' }));
    await expect(nowhere.initialise()).rejects.toThrow(/FLG_OPTION_INVALID.*search_path/);
  });

  test('the statements for an administrator create them all', async () => {
    await database.raw.query('CREATE SCHEMA audit');
    const names = { schema: 'audit', prefix: 'x_' };
    for (let round = 0; round < 2; round += 1)
      for (const role of ['audit', 'target'] as const)
        await database.raw.query(sqlTables('postgresql', role, names));
    await start({ ...names, createTables: false }, 2);
    expect(await tables()).toHaveLength(5);
  });

  describe('a role', () => {
    /** What each request is refused with; its hint is executed by somebody who may, as it says, until nothing is missing. */
    async function granting(request: () => Promise<unknown>): Promise<string[]> {
      const messages: string[] = [];
      for (;;) {
        try {
          await request();
          return messages;
        } catch (error) {
          if (!isFlamingockError(error) || !error.code.endsWith('_PERMISSION')) throw error;
          const [message = '', ...grants] = error.message.split(/\n\s*/);
          messages.push(
            `${error.code}: ${message}`.replace(/^FLG_\w+: /, '').replace(/restricted_\w+/, 'ROLE'),
          );
          await database.raw.query(grants.filter((line) => line.startsWith('GRANT')).join('\n'));
          expect(messages.length).toBeLessThan(5);
        }
      }
    }

    test('that may do nothing gets every right that it needs from the messages, and no more', async () => {
      await database.raw.query('CREATE SCHEMA audit');
      const names = { schema: 'audit' };
      await sqlAuditStore(pool, names).initialise();
      await sqlTarget(pool, names).transactions?.claim(KEY, 1);
      const limited = await database.openRestrictedPool('CONNECT ON DATABASE template1');
      const store = sqlAuditStore(limited, names);
      expect(await granting(() => store.read(KEY, 0))).toEqual([
        'FLG_STORE_PERMISSION: The role "ROLE" may not read the tables of the audit store: it lacks USAGE on schema audit, SELECT on audit.flamingock_ledger, SELECT on audit.flamingock_lock, SELECT on audit.flamingock_schema.',
      ]);
      await store.environments('orders', '');
      const session = await store.openSession();
      expect(await granting(() => session.acquire(KEY, LEASE))).toEqual([
        'FLG_STORE_PERMISSION: The role "ROLE" may not write the tables of the audit store: it lacks INSERT on audit.flamingock_ledger, INSERT, UPDATE on audit.flamingock_lock.',
      ]);
      await session.append(KEY, entry(1));
      await session.renew(KEY, LEASE, 1);
      await session.release(KEY, LEASE.owner, 1);
      expect(await granting(async () => session.checkpoints?.claim(KEY, 'a', 1))).toEqual([
        'FLG_STORE_PERMISSION: The role "ROLE" may not write the checkpoints of long changes: it lacks INSERT, SELECT, UPDATE on audit.flamingock_checkpoint.',
      ]);
      expect(await session.checkpoints?.save(KEY, 'a', { sequence: 1, revision: 1, text: '{}' })).toBe(true);
      await session.close();
      expect((await store.read(KEY, 0)).entries).toHaveLength(1);
      const transactions = sqlTarget(limited, names).transactions;
      expect(await granting(async () => transactions?.claim(KEY, 2))).toEqual([
        'FLG_TARGET_PERMISSION: The role "ROLE" may not write the fence of the target system: it lacks INSERT, SELECT, UPDATE on audit.flamingock_fence.',
      ]);
      await expect(
        transactions?.run({
          key: KEY,
          fence: { claimed: 2, sequence: 3 },
          idleTimeoutMs: 30_000,
          work: () => Promise.resolve(),
        }),
      ).resolves.toEqual({ status: 'committed' });
    });

    test('that may not create tables is told so, with the schema', async () => {
      const limited = await database.openRestrictedPool('CONNECT ON DATABASE template1');
      expect(await granting(() => sqlAuditStore(limited).initialise())).toEqual([
        expect.stringContaining(
          'may not create the tables of the audit store: it lacks CREATE on schema public',
        ),
      ]);
      expect((await sqlAuditStore(limited).read(KEY, 0)).initialised).toBe(true);
    });

    test('that may not end the connection of another one is told so', async () => {
      await sqlTarget(pool).transactions?.claim(KEY, 1);
      const limited = await database.openRestrictedPool('SELECT, INSERT, UPDATE ON flamingock_fence');
      const claim = (): Promise<unknown> | undefined =>
        sqlTargetOf.transactions?.claim(KEY, 2, { patienceMs: 0 });
      const sqlTargetOf = sqlTarget(limited);
      const outcome = await sqlTarget(pool).transactions?.run({
        key: KEY,
        fence: { claimed: 1, sequence: 2 },
        idleTimeoutMs: 30_000,
        async work() {
          await expect(claim()).rejects.toThrow(
            /FLG_TARGET_PERMISSION.*may not end the connection of another process[^]*GRANT pg_signal_backend TO/,
          );
        },
      });
      expect(outcome).toEqual({ status: 'committed' });
    });

    test('whose rights are enough, and that is refused all the same, is pointed to policies', async () => {
      const store = sqlAuditStore(pool);
      await store.initialise();
      const limited = await database.openRestrictedPool(
        'SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public',
      );
      await database.raw.query('ALTER TABLE flamingock_ledger ENABLE ROW LEVEL SECURITY');
      const session = await sqlAuditStore(limited).openSession();
      await expect(session.append(KEY, entry(1))).rejects.toThrow(/FLG_STORE_PERMISSION[^]*a policy/);
      await session.close();
    });
  });
});
