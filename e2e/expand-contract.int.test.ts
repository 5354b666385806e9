import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import pg from 'pg';
import { describeWith } from '../tools/services/describe-with.mjs';
import { postgres, type Postgres, startPostgres } from '../tools/services/postgres.mjs';
import type { Child } from './harness/child.mjs';
import { LoadBalancer } from './harness/load-balancer.mjs';
import { freePort } from './harness/orders.mjs';
import { Sandbox } from './harness/sandbox.mjs';

const APPLICATION = fileURLToPath(new URL('./fixtures/expand-contract/application.mjs', import.meta.url));
const LOAD = fileURLToPath(new URL('./fixtures/expand-contract/load.mjs', import.meta.url));

const describeWithPostgres = await describeWith(postgres);

describeWithPostgres('Expand, backfill and contract, one deployment each, under load', () => {
  let server: Postgres;
  let sandbox: Sandbox;
  let balancer: LoadBalancer;
  let url: string;
  /** What serves, newest last. */
  let serving: Child[] = [];

  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server.stop());
  beforeEach(async () => {
    sandbox = await Sandbox.open();
    ({ url } = await server.createDatabase());
    balancer = await LoadBalancer.start(sandbox);
  });
  afterEach(() => sandbox.close());

  const startLoad = (): Child => sandbox.start('the load', [LOAD], { URL: `${balancer.url}/customers` });

  /** Ends the load, and tells what became of its requests. */
  async function outcomeOf(load: Child): Promise<Readonly<Record<string, number>>> {
    load.signal('SIGTERM');
    const [outcome] = await load.line(/^\{.*"answered":\d+\}$/);
    return JSON.parse(outcome) as Readonly<Record<string, number>>;
  }

  /** One instance, from its start until it is sent requests. */
  async function instance(release: number): Promise<Child> {
    const port = await freePort();
    const child = sandbox.start(`release ${release}`, [APPLICATION], {
      PORT: String(port),
      RELEASE: String(release),
      DATABASE_URL: url,
      DRAIN_MS: '1000',
    });
    await child.line(/^listening$/);
    const isServing = balancer.add(`http://127.0.0.1:${port}`);
    while (!isServing()) await pause(20);
    return child;
  }

  /**
   * A rolling deployment, as a cluster does it: each new instance first, and then an old one goes.
   *
   * @returns the releases that have answered in the meantime
   */
  async function deploy(release: number): Promise<readonly string[]> {
    balancer.answered.clear();
    const replacements: Child[] = [];
    for (const old of serving) {
      replacements.push(await instance(release));
      // Both serve for a while.
      await pause(500);
      await expect(old.stop()).resolves.toEqual({ code: null, signal: 'SIGTERM' });
    }
    serving = replacements;
    return [...balancer.answered.keys()].toSorted();
  }

  /** Enters customers and reads each back, through whichever releases answer, until it is told to stop. */
  async function customersReadBack(until: AbortSignal): Promise<{ entered: number; wrong: string[] }> {
    const wrong: string[] = [];
    let entered = 0;
    for (; !until.aborted; entered += 1) {
      const name = `a customer of the test, ${entered}`;
      const answer = await fetch(`${balancer.url}/customers`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name }),
      });
      const { id } = (await answer.json()) as { readonly id: number };
      const read = await fetch(`${balancer.url}/customers/${id}`);
      const customer = (await read.json()) as { readonly name: string };
      if (customer.name !== name) wrong.push(`${name} was read as ${customer.name}`);
      await pause(5);
    }
    return { entered, wrong };
  }

  it('costs no request, whichever of two releases answers it', async () => {
    serving = [await instance(1), await instance(1)];
    const load = startLoad();
    const stop = new AbortController();
    const readingBack = customersReadBack(stop.signal);

    await expect(deploy(2)).resolves.toEqual(['1', '2']);
    await expect(deploy(3)).resolves.toEqual(['2', '3']);
    await expect(deploy(4)).resolves.toEqual(['3', '4']);

    stop.abort();
    const { entered, wrong } = await readingBack;
    const { answered, ...failures } = await outcomeOf(load);
    expect(failures).toEqual({ errors: 0, timeouts: 0, non2xx: 0 });
    expect(answered).toBeGreaterThan(500);
    expect(wrong).toEqual([]);
    expect(entered).toBeGreaterThan(50);

    const client = new pg.Client(url);
    await client.connect();
    try {
      const { rows } = await client.query<object>('SELECT * FROM customers ORDER BY id LIMIT 1');
      expect(rows).toEqual([{ id: '1', full_name: 'customer 1' }]);
    } finally {
      await client.end();
    }
  }, 120_000);

  it('costs requests where the column goes while a release still names it', async () => {
    serving = [await instance(2), await instance(2)];
    const load = startLoad();
    await expect(deploy(4)).resolves.toEqual(['2', '4']);
    const { errors, timeouts, non2xx } = await outcomeOf(load);
    expect({ errors, timeouts }).toEqual({ errors: 0, timeouts: 0 });
    expect(non2xx).toBeGreaterThan(0);
  }, 120_000);
});
