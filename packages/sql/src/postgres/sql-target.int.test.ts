import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BoundClients, FenceKey, Target, TransactionOutcome } from '@flamingock/core/spi';
import pg from 'pg';
import { describeWith } from '../../../../tools/services/describe-with.mjs';
import { ownPostgres, startPostgres, type Postgres } from '../../../../tools/services/postgres.mjs';
import { startTcpProxy, type TcpProxy } from '../../../../tools/services/tcp-proxy.mjs';
import { type PostgresDatabase, postgresDatabase } from '../../test/postgres-database.js';
import { rawPostgresFence } from '../../test/raw-postgres-tables.js';
import { SqlExecutor } from '../sql-executor.js';
import { sqlTarget } from '../sql-target.js';

const KEY: FenceKey = { service: 'orders', environment: 'production', tenant: '' };

const describeWithPostgres = await describeWith(ownPostgres);

describeWithPostgres('the target on PostgreSQL', () => {
  let server: Postgres;
  let proxy: TcpProxy;
  let database: PostgresDatabase;
  let pool: pg.Pool;
  let target: Target;

  beforeAll(async () => {
    server = await startPostgres({ logStatements: true });
    proxy = await startTcpProxy(server.url);
  });
  afterAll(async () => {
    await proxy.close();
    await server.stop();
  });
  beforeEach(async () => {
    await proxy.setMode('normal');
    database = await postgresDatabase(server);
    pool = database.openPool();
    target = sqlTarget(pool);
    await database.raw.query('CREATE TABLE probe (value text PRIMARY KEY)');
  });
  afterEach(() => database.close());

  function transactions(of: Target = target): NonNullable<Target['transactions']> {
    if (of.transactions === undefined) throw new Error('a SQL target has transactions');
    return of.transactions;
  }
  function run(
    work: (clients: BoundClients) => Promise<unknown>,
    { of = target, idleTimeoutMs = 30_000, ...request }: RunParts = {},
  ): Promise<TransactionOutcome> {
    return transactions(of).run({
      key: KEY,
      idleTimeoutMs,
      async work(clients) {
        await work(clients);
      },
      ...request,
    });
  }
  interface RunParts {
    readonly of?: Target;
    readonly idleTimeoutMs?: number;
    readonly fence?: { readonly claimed: number; readonly sequence: number };
    readonly shared?: { readonly token: number };
    readonly lockTimeoutMs?: number;
    readonly statementTimeoutMs?: number;
  }
  function sql(clients: BoundClients): SqlExecutor {
    return clients.client(SqlExecutor) as SqlExecutor;
  }
  const insert = (clients: BoundClients, value: string): Promise<unknown> =>
    sql(clients).execute('INSERT INTO probe VALUES ($1)', [value]);
  async function values(): Promise<string[]> {
    const { rows } = await database.raw.query<{ value: string }>('SELECT value FROM probe ORDER BY value');
    return rows.map(({ value }) => value);
  }
  async function show(clients: BoundClients, setting: string): Promise<unknown> {
    const [row] = await sql(clients).query<{ value: string }>('SELECT current_setting($1) AS value', [
      setting,
    ]);
    return row?.value;
  }

  test('costs one message to open, besides the statements of the change, and one to commit', async () => {
    await transactions().claim(KEY, 1);
    const before = (await server.statements(database.url)).length;
    await run((clients) => insert(clients, 'a'), { fence: { claimed: 1, sequence: 2 } });
    const sent = (await server.statements(database.url)).slice(before);
    expect(sent).toHaveLength(3);
    expect(sent[0]).toContain('UPDATE "flamingock_fence" SET begun = 2');
    expect(sent[2]).toMatch(
      /^RELEASE SAVEPOINT flamingock_change;\s*SELECT set_config\('search_path'[^;]*;\s*UPDATE "flamingock_fence" SET applied = 2 [^;]*;\s*COMMIT$/,
    );
  });

  test('gives a change its settings, and the engine its own', async () => {
    pool = database.openPool({
      options: '-c lock_timeout=1234 -c synchronous_commit=off -c idle_in_transaction_session_timeout=99',
    });
    const seen: unknown[] = [];
    await run(
      async (clients) => {
        for (const name of ['lock_timeout', 'synchronous_commit', 'idle_in_transaction_session_timeout'])
          seen.push(await show(clients, name));
      },
      { of: sqlTarget(pool), idleTimeoutMs: 7_000 },
    );
    expect(seen).toEqual(['1234ms', 'on', '7s']);
    const { rows } = await pool.query<{ lock_timeout: string }>('SHOW lock_timeout');
    expect(rows).toEqual([{ lock_timeout: '1234ms' }]);
  });

  test('limits what a change waits and takes where it says so, and only for its transaction', async () => {
    pool = database.openPool({ options: '-c lock_timeout=1234 -c statement_timeout=5678', max: 1 });
    const seen: unknown[] = [];
    const names = ['lock_timeout', 'statement_timeout'];
    const look = async (clients: BoundClients): Promise<void> => {
      for (const name of names) seen.push(await show(clients, name));
    };
    await run(look, { of: sqlTarget(pool), lockTimeoutMs: 50, statementTimeoutMs: 2_000 });
    await run(look, { of: sqlTarget(pool) });
    expect(seen).toEqual(['50ms', '2s', '1234ms', '5678ms']);
    expect(transactions().timeouts).toBe(true);
  });

  test('tells what may pass by itself from what does not', async () => {
    const holder = await database.openClient();
    await holder.query('BEGIN; LOCK TABLE probe');
    const outcome = await run((clients) => insert(clients, 'a'), { lockTimeoutMs: 50 });
    await holder.query('ROLLBACK');
    expect('error' in outcome && target.isTransient?.(outcome.error)).toBe(true);
    const wrong = await run((clients) => sql(clients).execute('INSERT INTO missing VALUES (1)'));
    expect('error' in wrong && target.isTransient?.(wrong.error)).toBe(false);
  });

  test('gives a transactional change the client of pg, inside of the transaction and in every form', async () => {
    const outcome = await run(async (clients) => {
      const client = clients.client(pg.Client) as pg.PoolClient;
      await client.query('INSERT INTO probe VALUES ($1)', ['a']);
      await client.query({ text: 'INSERT INTO probe VALUES ($1)', values: ['b'] });
      await new Promise<void>((resolve, reject) => {
        client.query('INSERT INTO probe VALUES ($1)', ['c'], (error: Error | null) => {
          if (error === null) resolve();
          else reject(error);
        });
      });
      expect(() => {
        client.release();
      }).toThrow('belongs to the transaction');
      expect(await values()).toEqual([]);
      throw new Error('the change failed');
    });
    expect(outcome.status).toBe('rolled-back');
    expect(await values()).toEqual([]);
    expect(target.supplies(pg.Pool)).toBe(true);
    expect(target.supplies(pg.Client)).toBe(false);
    expect(transactions().binds(pg.Pool)).toBe(false);
    expect(target.client(pg.Pool)).toBe(pool);
  });

  test('an error that a change swallows on the client of pg is noticed by the server', async () => {
    const outcome = await run(async (clients) => {
      const client = clients.client(pg.Client) as pg.PoolClient;
      await client.query('INSERT INTO probe VALUES (1)');
      await client.query('INSERT INTO missing VALUES (1)').catch(() => undefined);
    });
    expect(outcome).toMatchObject({ status: 'rolled-back', error: { code: 'FLG_TRANSACTION_ABORTED' } });
    expect(await values()).toEqual([]);
  });

  test('a change that opens another transaction in place of ours is broken, and nothing of it is committed', async () => {
    const outcome = await run((clients) =>
      sql(clients).execute(`COMMIT; BEGIN; INSERT INTO probe VALUES ('a')`),
    );
    expect(outcome).toMatchObject({ status: 'broken', error: { code: 'FLG_TRANSACTION_BROKEN' } });
    expect(await values()).toEqual([]);
  });

  test('a constraint that is only checked by the commit rolls the change back', async () => {
    await database.raw.query(
      'CREATE TABLE items (value text REFERENCES probe (value) DEFERRABLE INITIALLY DEFERRED)',
    );
    const outcome = await run((clients) => sql(clients).execute(`INSERT INTO items VALUES ('missing')`));
    expect(outcome).toMatchObject({ status: 'rolled-back', error: { code: '23503' } });
    expect(await run((clients) => insert(clients, 'a'))).toEqual({ status: 'committed' });
  });

  test.each([false, true])('a commit whose reply is lost is in doubt (executed: %s)', async (executed) => {
    const url = Object.assign(new URL(database.url), { host: new URL(proxy.url).host }).href;
    const lossy = sqlTarget(database.openPool({ connectionString: url }));
    await transactions(lossy).claim(KEY, 1);
    const outcome = await run(
      async (clients) => {
        await insert(clients, 'a');
        await proxy.setMode(executed ? 'drop-replies' : 'silent');
        if (!executed) setTimeout(() => void proxy.setMode('refuse'), 50);
      },
      { of: lossy, fence: { claimed: 1, sequence: 2 } },
    );
    expect(outcome.status).toBe('unknown');
    await proxy.setMode('normal');
    const sequence = executed ? 2 : 0;
    await expect(transactions().claim(KEY, 1)).resolves.toEqual({
      status: 'claimed',
      applied: sequence,
      begun: sequence,
    });
    expect(await values()).toEqual(executed ? ['a'] : []);
  });

  test('a connection that breaks in the middle of a change leaves nothing, and the process alive', async () => {
    const outcome = await run(async (clients) => {
      await insert(clients, 'a');
      const [row] = await sql(clients).query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await database.raw.query('SELECT pg_terminate_backend($1)', [row?.pid]);
      await sleep(50);
      await insert(clients, 'b');
    });
    expect(outcome).toMatchObject({ status: 'rolled-back', error: { code: '57P01' } });
    expect(await values()).toEqual([]);
    expect(await run((clients) => insert(clients, 'c'))).toEqual({ status: 'committed' });
  });

  test('the server ends the transaction of a process that says nothing', async () => {
    const outcome = await run(
      async (clients) => {
        await insert(clients, 'a');
        // As a process that is stopped: not even a timer fires.
        const until = performance.now() + 1_200;
        while (performance.now() < until);
        await insert(clients, 'b');
      },
      { idleTimeoutMs: 300 },
    );
    expect(outcome).toMatchObject({ status: 'rolled-back' });
    expect(await values()).toEqual([]);
  });

  test('a change that computes for longer than the time-out keeps its transaction', async () => {
    const outcome = await run(
      async (clients) => {
        await insert(clients, 'a');
        await sleep(1_500);
        await insert(clients, 'b');
      },
      { idleTimeoutMs: 400 },
    );
    expect(outcome).toEqual({ status: 'committed' });
    expect(await values()).toEqual(['a', 'b']);
  });

  test('a claim waits for the open transaction of an older run, which then commits nothing more', async () => {
    await transactions().claim(KEY, 1);
    const late = sqlTarget(database.openPool());
    const outcome = await run(
      async (clients) => {
        await insert(clients, 'a');
        await expect(transactions(late).claim(KEY, 2, { patienceMs: 60_000 })).rejects.toMatchObject({
          code: 'FLG_STORE_BUSY',
        });
        return Promise.reject(new Error('the change failed'));
      },
      { fence: { claimed: 1, sequence: 2 } },
    );
    expect(outcome.status).toBe('rolled-back');
    await expect(transactions(late).claim(KEY, 2)).resolves.toEqual({
      status: 'claimed',
      applied: 0,
      begun: 0,
    });
  });

  test('a claim that was kept waiting for long enough ends the transaction of the older run', async () => {
    await transactions().claim(KEY, 1);
    const late = sqlTarget(database.openPool());
    const claim = (patienceMs: number): Promise<unknown> => transactions(late).claim(KEY, 2, { patienceMs });
    const outcome = await run(
      async (clients) => {
        await insert(clients, 'a');
        await expect(claim(0)).rejects.toMatchObject({ code: 'FLG_STORE_BUSY' });
        await expect(claim(0)).resolves.toEqual({ status: 'claimed', applied: 0, begun: 0 });
        await insert(clients, 'b');
      },
      { fence: { claimed: 1, sequence: 2 } },
    );
    expect(outcome.status).toBe('rolled-back');
    expect(await values()).toEqual([]);
    expect(await rawPostgresFence(database.raw, KEY)).toMatchObject({ claimed: 2, applied: 0 });
  });

  test('an older run never ends the transaction of a later one', async () => {
    await transactions().claim(KEY, 2);
    const early = sqlTarget(database.openPool());
    const outcome = await run(
      async (clients) => {
        await insert(clients, 'a');
        for (let round = 0; round < 2; round += 1)
          await transactions(early)
            .claim(KEY, 1, { patienceMs: 0 })
            .catch(() => undefined);
        await insert(clients, 'b');
      },
      { fence: { claimed: 2, sequence: 3 } },
    );
    expect(outcome).toEqual({ status: 'committed' });
  });

  test('a change that gives up while a statement hangs does not wait for it', async () => {
    const holder = await database.openClient();
    await holder.query(`BEGIN; INSERT INTO probe VALUES ('a')`);
    const outcome = await run(async (clients) => {
      insert(clients, 'a').catch(() => undefined);
      await sleep(50);
      throw new Error('the lock was lost');
    });
    expect(outcome).toMatchObject({ status: 'rolled-back', error: { message: 'the lock was lost' } });
    await holder.query('COMMIT');
    expect(await values()).toEqual(['a']);
  });

  test('refuses a client that the application has left in a transaction', async () => {
    const client = await database.openClient();
    await client.query('BEGIN');
    await expect(run(async () => Promise.resolve(), { of: sqlTarget(client) })).rejects.toMatchObject({
      code: 'FLG_STORE_SHARED_CONNECTION',
    });
  });

  test('with transactional: false an index is built concurrently', async () => {
    const executor = target.client(SqlExecutor) as SqlExecutor;
    await executor.execute('CREATE INDEX CONCURRENTLY probe_index ON probe (value)');
    const { rowCount } = await database.raw.query(`SELECT FROM pg_indexes WHERE indexname = 'probe_index'`);
    expect(rowCount).toBe(1);
  });
});
