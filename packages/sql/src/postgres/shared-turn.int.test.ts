import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BoundClients, FenceKey, Target, TransactionOutcome } from '@flamingock/core/spi';
import pg from 'pg';
import { describeWith } from '../../../../tools/services/describe-with.mjs';
import { postgres, startPostgres, type Postgres } from '../../../../tools/services/postgres.mjs';
import { type PostgresDatabase, postgresDatabase } from '../../test/postgres-database.js';
import { SqlExecutor } from '../sql-executor.js';
import { sqlTarget } from '../sql-target.js';
import type { PgClient } from './pg-client.js';
import type { TableOptions } from '../table-options.js';

const KEY: FenceKey = { service: 'orders', environment: 'production', tenant: '' };
const BUSY = { code: 'FLG_STORE_BUSY' };

type Work = (clients: BoundClients) => Promise<void>;

const describeWithPostgres = await describeWith(postgres);

describeWithPostgres('shared transactions on PostgreSQL', () => {
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

  /** A target as another process would have one. */
  function open(names: TableOptions = {}): Target {
    return sqlTarget(database.openPool(), names);
  }
  function run(target: Target, work: Work, idleTimeoutMs = 30_000): Promise<TransactionOutcome> {
    if (target.transactions === undefined) throw new Error('a SQL target has transactions');
    return target.transactions.run({ key: KEY, shared: { token: 1 }, idleTimeoutMs, work });
  }
  const nothing: Work = () => Promise.resolve();
  const insert = async (clients: BoundClients, value: string): Promise<void> => {
    await (clients.client(SqlExecutor) as SqlExecutor).execute('INSERT INTO probe VALUES ($1)', [value]);
  };
  async function values(): Promise<string[]> {
    const { rows } = await database.raw.query<{ value: string }>('SELECT value FROM probe ORDER BY value');
    return rows.map(({ value }) => value);
  }

  test('a holder that is stopped while it receives rows is ended, which no time-out would do', async () => {
    let resume = (): unknown => undefined;
    const receiving: Work = async (clients) => {
      await insert(clients, 'a');
      const { stream } = (clients.client(pg.Client) as PgClient).connection ?? {};
      const socket = stream as Socket;
      const rows = (clients.client(SqlExecutor) as SqlExecutor).query(
        `SELECT repeat('x', 1000) FROM generate_series(1, 100000)`,
      );
      // Nobody takes the rows any more: the server waits in the middle of sending them.
      socket.pause();
      resume = () => socket.resume();
      await rows;
    };
    const held = run(open(), receiving, 300);
    await sleep(1_000);
    expect(await holders()).toBe(1);

    const next = open();
    const work: Work = (clients) => insert(clients, 'b');
    await expect(run(next, work, 300)).rejects.toMatchObject(BUSY);
    await expect(run(next, work, 300)).rejects.toMatchObject(BUSY);
    for (let round = 0; round < 200 && (await holders()) > 0; round += 1) await sleep(20);
    expect(await run(next, work, 300)).toEqual({ status: 'committed' });
    resume();
    expect((await held).status).not.toBe('committed');
    expect(await values()).toEqual(['b']);
  });

  test('who was stopped while it waited does not end the transaction of a later run', async () => {
    const early = open();
    await run(open(), async () => {
      await expect(run(early, nothing, 300)).rejects.toMatchObject(BUSY);
    });
    // The one that it waited for is gone; it does not know that, and has waited for longer than its patience.
    const outcome = await run(open(), async (clients) => {
      await insert(clients, 'a');
      for (let round = 0; round < 2; round += 1)
        await expect(run(early, nothing, 300)).rejects.toMatchObject(BUSY);
      await insert(clients, 'b');
    });
    expect(outcome).toEqual({ status: 'committed' });
    expect(await values()).toEqual(['a', 'b']);
  });

  test('tables of other names belong to another ledger', async () => {
    await database.raw.query('CREATE SCHEMA other');
    const outcomes: TransactionOutcome[] = [];
    await run(open(), async () => {
      for (const names of [{ prefix: 'other_' }, { schema: 'other' }])
        outcomes.push(await run(open(names), nothing));
      await expect(run(open({ schema: 'public' }), nothing)).rejects.toMatchObject(BUSY);
    });
    expect(outcomes).toEqual([{ status: 'committed' }, { status: 'committed' }]);
  });

  test('transactions that are not shared keep nobody waiting', async () => {
    await run(open(), async () => {
      const { transactions } = open();
      await expect(transactions?.run({ key: KEY, idleTimeoutMs: 30_000, work: nothing })).resolves.toEqual({
        status: 'committed',
      });
    });
  });

  /** How many connections have a turn. */
  async function holders(): Promise<number> {
    const { rowCount } = await database.raw.query(
      `SELECT FROM pg_locks JOIN pg_database AS here ON here.oid = database
       WHERE locktype = 'advisory' AND granted AND datname = current_database()`,
    );
    return rowCount ?? 0;
  }
});
