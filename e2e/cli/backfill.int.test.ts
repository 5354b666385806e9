import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import {
  command,
  interruptedBackfill,
  type Backfill,
  type InterruptedBackfill,
} from '../../tools/bench/backfill/interrupted.mjs';
import { ordersOf } from '../../tools/bench/backfill/orders.mjs';
import { describeWith } from '../../tools/services/describe-with.mjs';
import { postgres, startPostgres, type Postgres } from '../../tools/services/postgres.mjs';
import { Sandbox } from '../harness/sandbox.mjs';

const ROWS = 40_000;
const BATCH = 100;

const describeWithPostgres = await describeWith(postgres);

describeWithPostgres('A backfill by the command line, killed twice while replicas wait for it', () => {
  let sandbox: Sandbox;
  let server: Postgres;
  let pool: pg.Pool;
  let backfill: Backfill;
  let facts: InterruptedBackfill;

  beforeAll(async () => {
    sandbox = await Sandbox.open();
    server = await startPostgres();
    const [orders, audit] = [await server.createDatabase(), await server.createDatabase()];
    pool = new pg.Pool({ connectionString: orders.url });
    for (const statement of ordersOf(ROWS)) await pool.query(statement);
    backfill = {
      databases: { AUDIT_URL: audit.url, ORDERS_URL: orders.url },
      ask: async (question) => (await pool.query<object>(question)).rows,
      rows: ROWS,
      batch: BATCH,
    };
    facts = await interruptedBackfill(sandbox, backfill);
  }, 120_000);
  afterAll(async () => {
    await sandbox.close();
    await pool.end();
    await server.stop();
  });

  test('every row is changed exactly once', () => {
    expect(facts.filledOnce).toBe(ROWS);
  });

  test('each process goes on from the checkpoint of the one before, and not from the beginning', () => {
    const { runs } = facts;
    expect(runs).toHaveLength(3);
    expect(runs[0]?.after).toBe(0);
    expect(runs.at(-1)?.last).toBe(ROWS);
    for (const [index, { after }] of runs.slice(1).entries()) {
      const cameTo = runs[index]?.last ?? 0;
      expect([cameTo - BATCH, cameTo]).toContain(after);
    }
  });

  test('a batch whose checkpoint was not saved is sent once more, and must change nothing then', () => {
    const [, second, third] = facts.runs;
    // It died between the two.
    expect(third?.after).toBe((second?.last ?? 0) - BATCH);
    expect([1, 2]).toContain(facts.repeated);
    expect(facts.rowsOfRepeated).toBe(0);
  });

  test('replicas in the mode wait go on at its end, and not before', () => {
    expect(facts.readyEarly).toBe(0);
    expect(facts.leftWhenReady).toEqual([0, 0, 0]);
  });

  test('a replica that would apply changes itself is refused, and told the command', () => {
    expect(facts.refused).toContain('FLG_CHANGE_RESERVED');
    expect(facts.refused).toContain('flamingock apply');
  });

  test('no attempt became an issue, and the ledger has all of them', async () => {
    const ask = async (...parameters: readonly string[]): Promise<string> => {
      const child = command(sandbox, backfill, [...parameters, '--json']);
      await child.exited;
      return child.output;
    };
    expect(JSON.parse(await ask('issue', 'list'))).toMatchObject({ issues: [] });
    const { entries } = JSON.parse(await ask('audit', 'list', '--change', 'fill-payment-method')) as {
      readonly entries: readonly { readonly state: string; readonly attempt: number }[];
    };
    expect(entries.map(({ state, attempt }) => `${attempt} ${state}`)).toEqual([
      '1 STARTED',
      '2 STARTED',
      '3 STARTED',
      '3 APPLIED',
    ]);
  });
});
