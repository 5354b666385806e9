import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import type { Child } from './harness/child.mjs';
import { freePort, OrdersRelease } from './harness/orders.mjs';
import { Platform } from './harness/platform.mjs';
import type { PortWatch } from './harness/port-watch.mjs';
import { notAsWritten } from './harness/readme.js';
import { Sandbox } from './harness/sandbox.mjs';

const CHANGES = [
  ['_0001__AddPaymentMethodColumn', 'orders-db'],
  ['_0002__RegisterOrderEventV2', 'schema-registry'],
  ['_0003__UpdateOrderApiResponse', 'api-contracts'],
  ['_0004__UpdateGatewayValidation', 'gateway'],
] as const;

let sandbox: Sandbox;
let platform: Platform;
let release: OrdersRelease;
let port: number;
let url: string;

beforeAll(async () => {
  sandbox = await Sandbox.open();
  platform = await Platform.start(sandbox);
  release = new OrdersRelease(sandbox, platform.urls);
  port = await freePort();
  url = `http://127.0.0.1:${port}`;
});
afterAll(() => sandbox.close());

/** Everything about the states of changes that the audit store holds at this moment, read around every adapter. */
function appliedInLedger(): number {
  const database = new Database(release.auditDatabase, { readonly: true });
  const tables = database
    .prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`)
    .pluck()
    .all() as string[];
  const texts = tables.flatMap((table) => database.prepare(`SELECT * FROM "${table}"`).raw().all().flat());
  database.close();
  return texts.filter((text) => typeof text === 'string' && text.includes('"state":"APPLIED"')).length;
}

describe('The first start', () => {
  let child: Child;
  let watch: PortWatch;
  let appliedWhenOpened: number;

  beforeAll(async () => {
    watch = sandbox.watchPort(port);
    child = release.start(port);
    await watch.answered;
    appliedWhenOpened = appliedInLedger();
    await child.line(/^ready on /);
  }, 60_000);
  afterAll(() => child.stop());

  it('keeps the port closed until all four changes are in the ledger', () => {
    expect(watch.refusals).toBeGreaterThan(10);
    expect(appliedWhenOpened).toBe(4);
  });

  it('says one line for each change, with target system, outcome and duration, and a summary', () => {
    const lines = child.lines.filter((line) => line.includes('✔'));
    expect(lines).toHaveLength(4);
    CHANGES.forEach(([change, target], index) => {
      expect(lines[index]).toMatch(new RegExp(`✔ ${change} +${target} +applied +\\d+ ms$`));
    });
    expect(child.output).toMatch(/4 changes applied in \d+ ms/);
  });

  it('is shown in the README as it is', () => {
    expect(notAsWritten('See it', [child.output], [0])).toEqual([]);
  });

  it('changes each of the four systems', async () => {
    const orders = new Database(release.ordersDatabase, { readonly: true });
    expect(orders.prepare('SELECT payment_method FROM orders').pluck().all()).toEqual(['UNSET', 'UNSET']);
    orders.close();
    await expect(platform.allRequests()).resolves.toEqual([
      'POST /subjects/order-events-value/versions 200',
      'POST /contracts/order-response/fields 201',
      'PUT /routes/order-request/validation/allowed-fields/paymentMethod 200',
    ]);
  });

  it('tells what to try, and each of it works', async () => {
    const tips = child.lines.filter((line) => line.startsWith('  curl '));
    expect(tips).toHaveLength(3);
    for (const tip of tips) {
      const [, address = '', , body] =
        /^ {2}curl (\S+)( -H 'content-type: application\/json' -d '(.*)')?$/.exec(tip) ?? [];
      const init =
        body === undefined ? {} : { method: 'POST', body, headers: { 'content-type': 'application/json' } };
      expect((await fetch(address, init)).ok).toBe(true);
    }
  });

  it('stores an order with its payment method', async () => {
    const answer = await post({ item: 'saucer', quantity: 3, paymentMethod: 'CASH' });
    expect(answer.status).toBe(201);
    const order = (await answer.json()) as { id: string };
    expect(order).toMatchObject({ item: 'saucer', quantity: 3, paymentMethod: 'CASH' });
    await expect((await fetch(`${url}/orders/${order.id}`)).json()).resolves.toEqual(order);
  });

  it('refuses an order that it does not understand, and says why', async () => {
    const answer = await post({ item: 'saucer', quantity: 0, paymentMethod: 'SHELLS' });
    expect(answer.status).toBe(400);
    const { message } = (await answer.json()) as { message: unknown };
    expect(JSON.stringify(message)).toMatch(/quantity.*paymentMethod/);
  });

  it.each([
    ['5f0c5e5e-6f5a-4a52-9d3e-1f6a3f6d7cff', 404],
    ['first', 400],
  ])('answers GET /orders/%s with %d', async (id, status) => {
    expect((await fetch(`${url}/orders/${id}`)).status).toBe(status);
  });

  it('is alive, and ready with what is applied', async () => {
    await expect((await fetch(`${url}/health/live`)).json()).resolves.toMatchObject({ status: 'ok' });
    await expect((await fetch(`${url}/health/ready`)).json()).resolves.toMatchObject({
      status: 'ok',
      details: {
        flamingock: { status: 'up', state: 'ready', applied: 4, pending: 0 },
        'orders-db': { status: 'up' },
      },
    });
  });

  it('ends cleanly when it is told to', async () => {
    await expect(child.stop('SIGTERM')).resolves.toEqual({ code: null, signal: 'SIGTERM' });
  });

  it('applies nothing when it is started again, says so in one line, and asks nobody', async () => {
    const before = await platform.allRequests();
    const again = release.start(port);
    await again.line(/^ready on /);
    expect(again.lines.filter((line) => line.includes('Flamingock'))).toEqual([
      expect.stringContaining('nothing to apply: 4 changes applied already'),
    ]);
    expect(notAsWritten('See it', [again.output], [1])).toEqual([]);
    await expect(platform.allRequests()).resolves.toEqual(before);
    await again.stop();
  });

  function post(order: object): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return fetch(`${url}/orders`, { method: 'POST', headers, body: JSON.stringify(order) });
  }
});

describe('A start that cannot succeed', () => {
  it('says once what is wrong with its configuration, and never opens the port', async () => {
    const watch = sandbox.watchPort(port);
    const child = release.start(port, { GATEWAY_URL: 'nowhere', FLAMINGOCK_ENV: '' });
    await expect(child.exited).resolves.toEqual({ code: 1, signal: null });
    await watch.stop();
    expect(watch.opened).toBe(false);
    expect(child.lines).toEqual([
      'The environment variables of this application cannot be used:',
      '  FLAMINGOCK_ENV is empty',
      '  GATEWAY_URL is no http(s) address',
    ]);
  });

  it('says once that its port is taken', async () => {
    const child = release.start(Number(new URL(platform.urls.control).port));
    await expect(child.exited).resolves.toEqual({ code: 1, signal: null });
    expect(child.lines.filter((line) => line.includes('EADDRINUSE'))).toHaveLength(1);
  });

  it('is refused under a mistyped environment, in one message without a stack', async () => {
    const child = release.start(port, { FLAMINGOCK_ENV: 'locl' });
    await expect(child.exited).resolves.toEqual({ code: 1, signal: null });
    expect(child.output.match(/FLG_ENVIRONMENT_UNLISTED/g)).toHaveLength(1);
    expect(child.output).not.toMatch(/^ +at /m);
  });
});
