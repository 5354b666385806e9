import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import pg from 'pg';
import { describeWith } from '../tools/services/describe-with.mjs';
import { postgres, type Postgres, startPostgres } from '../tools/services/postgres.mjs';
import type { Child } from './harness/child.mjs';
import { Sandbox } from './harness/sandbox.mjs';

const APPLICATION = dirname(fileURLToPath(import.meta.resolve('shipping-fastify/package.json')));
const STARTER = fileURLToPath(new URL('../tools/start/shipping.mjs', import.meta.url));
const SHIPMENTS = 5000;
/** The first shipment of a batch of the backfill. */
const HELD = 3001;

const describeWithPostgres = await describeWith(postgres);

describeWithPostgres('The sample on Fastify', () => {
  let server: Postgres;
  let sandbox: Sandbox;
  let url: string;
  let client: pg.Client;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    sandbox = await Sandbox.open();
    ({ url } = await server.createDatabase());
    client = new pg.Client({ connectionString: url });
    await client.connect();
  });
  afterEach(async () => {
    await sandbox.close();
    await client.end();
  });

  function start(): Child {
    const environment = { PORT: '0', FLAMINGOCK_ENV: 'test', DATABASE_URL: url, LEASE_MS: '2000' };
    return sandbox.start('shipping-fastify', [join(APPLICATION, 'dist', 'main.js')], environment);
  }

  async function loadHistory(): Promise<void> {
    await client.query(await readFile(join(APPLICATION, 'history.sql'), 'utf8'));
    await client.query('DELETE FROM shipments WHERE id > $1', [SHIPMENTS]);
  }

  /** Notes every write to a shipment, and holds the one of {@link HELD} until the returned function is called. */
  async function watchWrites(): Promise<() => Promise<unknown>> {
    await client.query(`
      CREATE TABLE writes (shipment bigint NOT NULL);
      CREATE FUNCTION note_write() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO writes VALUES (new.id);
        IF new.id = ${HELD} THEN PERFORM pg_advisory_xact_lock_shared(1); END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER note_write AFTER UPDATE ON shipments FOR EACH ROW EXECUTE FUNCTION note_write();
      SELECT pg_advisory_lock(1)`);
    return () => client.query('SELECT pg_advisory_unlock(1)');
  }

  it('refuses requests while its backfill runs, shows how far it is, and goes on there when it was killed', async () => {
    await loadHistory();
    const letGo = await watchWrites();

    const first = start();
    const firstUrl = await listening(first);
    const found = await until(`${firstUrl}/health/ready`, (body) => body.includes(`"done":${HELD - 1}`));
    expect(found).toMatchObject({ status: 503, body: expect.stringContaining(`"total":${SHIPMENTS}`) });
    const refused = await fetch(`${firstUrl}/shipments`);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect((await fetch(`${firstUrl}/health/live`)).status).toBe(200);
    await first.stop('SIGKILL');

    const second = start();
    const secondUrl = await listening(second);
    await second.line(new RegExp(`goes on after ${HELD - 1} shipments`));
    expect((await fetch(`${secondUrl}/shipments`)).status).toBe(503);
    await letGo();
    expect(await until(`${secondUrl}/shipments?zone=6`, (_body, status) => status !== 503)).toMatchObject({
      status: 200,
      body: '[]',
    });
    expect(await (await fetch(`${secondUrl}/health/ready`)).json()).toMatchObject({
      info: { flamingock: { state: 'ready', applied: 2, pending: 0 } },
    });

    // The statement that the kill left behind at the server was let go too: one of the two found nothing to fill.
    const writes = await client.query(
      'SELECT count(*)::integer AS all, count(DISTINCT shipment)::integer AS different FROM writes',
    );
    expect(writes.rows).toEqual([{ all: SHIPMENTS, different: SHIPMENTS }]);
    const missing = await client.query('SELECT id FROM shipments WHERE zone IS NULL');
    expect(missing.rows).toEqual([]);
    expect(await second.stop()).toEqual({ code: null, signal: 'SIGTERM' });
  }, 60_000);

  it('takes shipments when its changes are applied', async () => {
    await loadHistory();
    const child = start();
    const address = await listening(child);
    await until(`${address}/health/ready`, (_body, status) => status === 200);

    const place = (shipment: object): Promise<Response> =>
      fetch(`${address}/shipments`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(shipment),
      });
    const shipment = { reference: 'A-1', postcode: '27498', weightGrams: 1200 };
    const placed = await place(shipment);
    expect(placed.status).toBe(201);
    const answer = (await placed.json()) as { id: string };
    expect(answer).toMatchObject({ ...shipment, zone: 6 });
    expect((await place(shipment)).status).toBe(409);
    expect((await place({ ...shipment, postcode: 'nowhere' })).status).toBe(400);
    expect(await (await fetch(`${address}/shipments/${answer.id}`)).json()).toEqual(answer);
    expect((await fetch(`${address}/shipments/999999999`)).status).toBe(404);
    expect(await (await fetch(`${address}/shipments?zone=6`)).json()).toEqual([answer]);
    expect(await (await fetch(`${address}/shipments?after=${SHIPMENTS - 1}`)).json()).toHaveLength(2);
  });

  it('starts with one command and a server of its own, and is told to end in the middle of its backfill', async () => {
    const child = sandbox.start('npm start', [STARTER], { PORT: '0' });
    const address = await listening(child);
    await until(`${address}/health/ready`, (body) => body.includes('"total":100000'));
    expect(await child.stop()).toEqual({ code: 143, signal: null });
    expect(child.output).toContain('SIGTERM received: stopping after the current change.');
  }, 60_000);

  it('ends with 1 and says why where its database is not the one that it expects', async () => {
    const child = start();
    await expect(child.exited).resolves.toEqual({ code: 1, signal: null });
    expect(child.output).toContain('relation \\"shipments\\" does not exist');
    expect(child.output).toContain('FLG_CHANGE_FAILED');
  });
});

async function listening(child: Child): Promise<string> {
  const [, url = ''] = await child.line(/^listening on (\S+)/);
  return url;
}

/** Asks again and again until an answer is as it should be; the test's own limit ends it where it never is. */
async function until(
  url: string,
  isIt: (body: string, status: number) => boolean,
): Promise<{ readonly status: number; readonly body: string }> {
  for (;;) {
    const answer = await fetch(url);
    const body = await answer.text();
    if (isIt(body, answer.status)) return { status: answer.status, body };
    await pause(20);
  }
}
