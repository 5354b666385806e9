import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { describeWith } from '../tools/services/describe-with.mjs';
import { postgres, startPostgres, type Postgres } from '../tools/services/postgres.mjs';
import { OrdersRelease } from './harness/orders.mjs';
import { Platform } from './harness/platform.mjs';
import { Sandbox } from './harness/sandbox.mjs';

const describeWithPostgres = await describeWith(postgres);

describeWithPostgres('The sample on PostgreSQL', () => {
  let server: Postgres;
  let sandbox: Sandbox;
  let release: OrdersRelease;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    sandbox = await Sandbox.open();
    release = new OrdersRelease(sandbox, (await Platform.start(sandbox)).urls);
  });
  afterEach(() => sandbox.close());

  it.each([
    ['in the orders database', false],
    ['in a database of its own', true],
  ])('applies its changes with the audit store %s, and takes orders', async (_, apart) => {
    const orders = await server.createDatabase();
    const environment = {
      DATABASE_URL: orders.url,
      ...(apart ? { AUDIT_DATABASE_URL: (await server.createDatabase()).url } : {}),
    };
    const first = release.start(0, environment);
    const [, url = ''] = await first.line(/^ready on (\S+)/);
    expect(first.output).toMatch(/4 changes applied in \d+ ms/);

    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ item: 'saucer', quantity: 3, paymentMethod: 'CASH' });
    const answer = await fetch(`${url}/orders`, { method: 'POST', headers, body });
    const placed = (await answer.json()) as { id: string };
    expect(placed).toMatchObject({ item: 'saucer', quantity: 3, paymentMethod: 'CASH' });
    const listed = (await (await fetch(`${url}/orders`)).json()) as object[];
    expect(listed).toEqual([
      expect.objectContaining({ item: 'tea', paymentMethod: 'UNSET', createdAt: '2025-01-02T09:12:44.000Z' }),
      expect.objectContaining({ item: 'kettle', paymentMethod: 'UNSET' }),
      placed,
    ]);
    await first.stop();

    const again = release.start(0, environment);
    await again.line(/^ready on /);
    expect(again.output).toContain('nothing to apply: 4 changes applied already');
  });

  it('says once that its database does not answer, without its address', async () => {
    const child = release.start(0, { DATABASE_URL: 'postgres://orders:secret@localhost:1/orders' });
    await expect(child.exited).resolves.toEqual({ code: 1, signal: null });
    expect(child.output.match(/ECONNREFUSED/g)).toHaveLength(1);
    expect(child.output).not.toContain('secret');
  });
});
