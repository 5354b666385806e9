import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFlamingock, defineChange, type FlamingockOptions, silentLogger } from '@flamingock/core';
import type { AuditStore, LedgerKey, SealedEntry } from '@flamingock/core/spi';
import pg from 'pg';
import { describeWith } from '../../../../tools/services/describe-with.mjs';
import { ownPostgres, startPostgres, type Postgres } from '../../../../tools/services/postgres.mjs';
import { type PostgresDatabase, postgresDatabase } from '../../test/postgres-database.js';
import { sqlAuditStore } from '../sql-audit-store.js';
import { SqlExecutor } from '../sql-executor.js';
import { sqlTables } from '../sql-tables.js';
import { sqlTarget } from '../sql-target.js';

const KEY: LedgerKey = { service: 'orders', environment: 'production', tenant: '' };
const LEASE = { owner: 'a', host: 'host', processId: 1, leaseMs: 30_000 };

function entry(sequence: number, text = `{"sequence":${sequence}}`): SealedEntry {
  const run = { kind: 'run', sequence, at: 1, previousHash: '', host: 'host', processId: 1 } as const;
  const parts = { executionId: 'execution', instanceId: 'instance' };
  return { sequence, text, hash: `hash ${sequence}`, entry: { ...run, ...parts } };
}

const describeWithPostgres = await describeWith(ownPostgres);

describeWithPostgres('the audit store on PostgreSQL', () => {
  let server: Postgres;
  let database: PostgresDatabase;
  let pool: pg.Pool;
  let store: AuditStore;

  beforeAll(async () => {
    server = await startPostgres({ logStatements: true });
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    database = await postgresDatabase(server);
    pool = database.openPool();
    store = sqlAuditStore(pool);
  });
  afterEach(() => database.close());

  async function sentBy(work: () => Promise<unknown>): Promise<readonly string[]> {
    const before = (await server.statements(database.url)).length;
    await work();
    return (await server.statements(database.url)).slice(before);
  }
  function options(changed: Partial<FlamingockOptions> = {}): FlamingockOptions {
    const auditStore = store;
    return { ...KEY, auditStore, targets: { db: sqlTarget(pool) }, changes: [], logger: false, ...changed };
  }

  test.each([0, 10, 1_000])('reads a ledger of %d entries in one statement', async (count) => {
    await store.initialise();
    const session = await store.openSession();
    for (let sequence = 1; sequence <= count; sequence += 1) await session.append(KEY, entry(sequence));
    await session.close();
    expect(
      await sentBy(async () => expect((await store.read(KEY, 0)).entries).toHaveLength(count)),
    ).toHaveLength(1);
  });

  test('sends each write as one message, durable also where the default is not', async () => {
    pool = database.openPool({ options: '-c synchronous_commit=off -c standard_conforming_strings=off' });
    store = sqlAuditStore(pool);
    await store.initialise();
    const session = await store.openSession();
    const odd = String.raw`it's \ "odd" $1 E'\''; DROP TABLE flamingock_ledger; --`;
    for (const write of [
      () => session.acquire(KEY, LEASE),
      () => session.append(KEY, entry(1, odd)),
      () => session.renew(KEY, LEASE, 1),
      () => session.release(KEY, LEASE.owner, 1),
    ]) {
      const sent = await sentBy(write);
      expect(sent).toHaveLength(1);
      expect(sent[0]).toContain(`set_config('synchronous_commit', 'on', true)`);
    }
    expect((await store.read(KEY, 0)).entries[0]?.text).toBe(odd);
    await session.close();
    expect((await pool.query<object>('SHOW synchronous_commit')).rows).toEqual([
      { synchronous_commit: 'off' },
    ]);
  });

  test('is busy, and not for long, while somebody else holds the row', async () => {
    await store.initialise();
    const session = await store.openSession();
    await session.acquire(KEY, LEASE);
    const holder = await database.openClient();
    await holder.query('BEGIN; SELECT FROM flamingock_lock FOR UPDATE; LOCK TABLE flamingock_ledger');
    for (const request of [
      () => session.append(KEY, entry(1)),
      () => session.renew(KEY, LEASE, 0),
      () => session.acquire(KEY, LEASE),
      () => session.release(KEY, LEASE.owner, 0),
    ])
      await expect(request()).rejects.toMatchObject({ code: 'FLG_STORE_BUSY' });
    await holder.query('ROLLBACK');
    await session.append(KEY, entry(1));
    await session.close();
  });

  test('takes only a duplicate of its own key for a lost lock', async () => {
    await store.initialise();
    await database.raw
      .query(`CREATE TABLE other (sequence bigint CONSTRAINT flamingock_ledger_key_2 PRIMARY KEY);
      INSERT INTO other VALUES (1);
      CREATE FUNCTION copy() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO other VALUES (new.sequence); RETURN new; END';
      CREATE TRIGGER copy AFTER INSERT ON flamingock_ledger FOR EACH ROW EXECUTE FUNCTION copy()`);
    const session = await store.openSession();
    await expect(session.append(KEY, entry(1))).rejects.toMatchObject({ code: '23505', table: 'other' });
    await session.close();
  });

  test('a pinned connection that dies fails its requests and nothing else', async () => {
    await store.initialise();
    const session = await store.openSession();
    await session.acquire(KEY, LEASE);
    await database.raw.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    await sleep(50);
    await expect(session.renew(KEY, LEASE, 0)).rejects.toThrow();
    await expect(session.append(KEY, entry(1))).rejects.toThrow();
    await session.close();
    const other = await store.openSession();
    expect((await other.read(KEY, 0)).lock?.owner).toBe('a');
    await other.close();
    expect(pool.waitingCount).toBe(0);
  });

  test('gives its pinned connection back', async () => {
    await store.initialise();
    const session = await store.openSession();
    expect(pool.totalCount - pool.idleCount).toBe(1);
    await session.close();
    expect(pool.totalCount - pool.idleCount).toBe(0);
  });

  test('does not take a lost ledger for a new one', async () => {
    await store.initialise();
    await database.raw.query('DROP TABLE flamingock_ledger');
    await expect(store.read(KEY, 0)).rejects.toMatchObject({ code: 'FLG_STORE_VERSION' });
  });

  test('works with tables that somebody else has created', async () => {
    const careful = sqlAuditStore(pool, { createTables: false });
    expect((await careful.read(KEY, 0)).initialised).toBe(false);
    await expect(careful.initialise()).rejects.toThrow(/FLG_OPTION_INVALID[^]*CREATE TABLE/);
    for (let round = 0; round < 2; round += 1) {
      await database.raw.query(sqlTables('postgresql', 'audit'));
      await database.raw.query(sqlTables('postgresql', 'target'));
    }
    expect((await careful.read(KEY, 0)).initialised).toBe(true);
    const target = sqlTarget(pool, { createTables: false });
    await expect(target.transactions?.claim(KEY, 1)).resolves.toEqual({
      status: 'claimed',
      applied: 0,
      begun: 0,
    });
  });

  test('a pool of one is refused where store and target share it, and fine otherwise', async () => {
    const one = database.openPool({ max: 1 });
    const client = await database.openClient();
    for (const lender of [one, client]) {
      const shared = { auditStore: sqlAuditStore(lender), targets: { db: sqlTarget(lender) } };
      expect(() => createFlamingock(options(shared))).toThrow(
        /FLG_OPTION_INVALID.*targets\['db'\].*only connection/s,
      );
    }
    let applied = 0;
    const change = defineChange({
      id: 'count',
      name: '_1__Count',
      inject: { sql: SqlExecutor },
      async apply({ sql }) {
        applied += (await sql.query('SELECT 1')).length;
      },
    });
    for (const [auditStore, target] of [
      [sqlAuditStore(one), sqlTarget(client)],
      [sqlAuditStore(client), sqlTarget(one)],
    ] as const) {
      const environment = `production-${applied}`;
      const listed = { environments: { [environment]: {} }, environment, service: `orders-${applied}` };
      await createFlamingock(
        options({ ...listed, auditStore, targets: { db: target }, changes: [change] }),
      ).run();
    }
    expect(applied).toBe(2);
  });

  test('an index is built concurrently while other instances wait', async () => {
    await database.raw.query('CREATE TABLE orders AS SELECT generate_series(1, 1000) AS id');
    const change = defineChange({
      id: 'index',
      name: '_1__Index',
      transactional: false,
      inject: { sql: SqlExecutor },
      async apply({ sql }) {
        await sql.execute('SELECT pg_sleep(1)');
        await sql.execute('CREATE INDEX CONCURRENTLY orders_id ON orders (id)');
      },
    });
    const logger = silentLogger;
    const start = (): Promise<{ readonly outcome: string }> => {
      const own = database.openPool();
      const parts = { auditStore: sqlAuditStore(own), targets: { db: sqlTarget(own) } };
      return createFlamingock(options({ ...parts, changes: [change], logger })).run();
    };
    const outcomes = (await Promise.all([start(), start(), start()])).map(({ outcome }) => outcome);
    expect(outcomes.sort()).toEqual(['applied', 'waited', 'waited']);
  });

  test.each([
    ['a shared transaction costs three messages', true, {}, 3],
    ['a separate transaction costs four messages', false, {}, 4],
    ['a change without a transaction costs two messages', true, { transactional: false }, 2],
  ])('%s besides the statements of the change', async (_what, shared, attributes, messages) => {
    const targets = { db: sqlTarget(shared ? pool : database.openPool()) };
    const change = (id: number): ReturnType<typeof defineChange> =>
      defineChange({
        id: `insert-${id}`,
        name: `_${id}__Insert`,
        inject: { sql: SqlExecutor },
        ...attributes,
        async apply({ sql }) {
          await sql.execute(`CREATE TABLE table_${id} ()`);
        },
      });
    const start = (count: number): Promise<unknown> => {
      const changes = Array.from({ length: count }, (_, index) => change(index + 1));
      return createFlamingock(options({ changes, targets })).run();
    };
    await start(1);
    const two = await sentBy(() => start(2));
    const five = await sentBy(() => start(5));
    expect(five.length - two.length).toBe(2 * (messages + 1));
  });
});
