import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeWith } from '../tools/services/describe-with.mjs';
import { postgres, startPostgres, type Postgres } from '../tools/services/postgres.mjs';
import type { Child } from './harness/child.mjs';
import { Sandbox } from './harness/sandbox.mjs';
import { PRODUCTS, startStorefront } from './harness/storefront.js';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await Sandbox.open();
});
afterEach(() => sandbox.close());

function start(environment: Readonly<Record<string, string>>): Promise<{ child: Child; url: string }> {
  return startStorefront(sandbox, environment);
}

/** What the page shows, in the order of the page. */
async function productsOn(url: string): Promise<string[]> {
  const page = await (await fetch(url)).text();
  return [...page.matchAll(/<li>(.*?)<\/li>/g)].map(([, text = '']) => text);
}

/** Two starts on one database, which a variable names. */
async function servesTwice(environment: Readonly<Record<string, string>>): Promise<void> {
  const first = await start(environment);
  // The port is open already; the page is answered when its column is there.
  await expect(productsOn(first.url)).resolves.toEqual(PRODUCTS);
  expect(first.child.output).toMatch(/✔ _0002__AddDeliveryDays +storefront-db +applied/);
  expect(first.child.output).toMatch(/2 changes applied in \d+ ms/);
  const readiness = await fetch(`${first.url}/health/ready`);
  expect(readiness.status).toBe(200);
  await expect(readiness.json()).resolves.toMatchObject({
    status: 'ok',
    info: { flamingock: { applied: 2 } },
  });
  await first.child.stop();

  const second = await start(environment);
  await expect(productsOn(second.url)).resolves.toEqual(PRODUCTS);
  expect(second.child.output).not.toContain('✔');
  await second.child.stop();
}

describe('The storefront on SQLite', () => {
  it('shows the column of its change, at the first start and at the next', async () => {
    await servesTwice({ DATABASE_FILE: sandbox.path('storefront.sqlite') });
  }, 90_000);

  it('ends with a reason where it may not run in that environment', async () => {
    const environment = { DATABASE_FILE: sandbox.path('storefront.sqlite') };
    const first = await start({ ...environment, FLAMINGOCK_ENV: 'staging' });
    await productsOn(first.url);
    await first.child.stop();

    const misspelt = await start({ ...environment, FLAMINGOCK_ENV: 'stagin' });
    await expect(misspelt.child.exited).resolves.toEqual({ code: 1, signal: null });
    expect(misspelt.child.output).toContain('FLG_ENVIRONMENT_UNLISTED');
  }, 90_000);
});

const describeWithPostgres = await describeWith(postgres);

describeWithPostgres('The storefront on PostgreSQL', () => {
  let server: Postgres | undefined;
  afterAll(() => server?.stop());

  it('shows the column of its change, at the first start and at the next', async () => {
    server = await startPostgres();
    const { url } = await server.createDatabase();
    await servesTwice({ DATABASE_URL: url });
  }, 90_000);
});
