import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { describeWith } from '../tools/services/describe-with.mjs';
import { mongodb, type Mongodb, ownMongodb, startMongodb } from '../tools/services/mongodb.mjs';
import type { Child } from './harness/child.mjs';
import { Sandbox } from './harness/sandbox.mjs';

const MAIN = join(
  dirname(fileURLToPath(import.meta.resolve('catalog-express/package.json'))),
  'src',
  'main.mjs',
);
const CHANGES = ['_0001__CreateProducts', '_0002__FillPriceCents', '_0003__RequirePriceCents'];

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.open();
});
afterEach(() => sandbox.close());

function start(environment: Readonly<Record<string, string>>): Child {
  return sandbox.start('catalog-express', [MAIN], { PORT: '0', ...environment });
}

async function ready(child: Child): Promise<string> {
  const [, url = ''] = await child.line(/^ready on (\S+)/);
  return url;
}

function put(url: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(url, { method: 'PUT', headers, body: JSON.stringify(body) });
}

/** What it does on either kind of server. */
function serves(environment: () => Promise<Readonly<Record<string, string>>>): void {
  it('applies its changes, serves the changed products, and has nothing to apply when it is started again', async () => {
    const where = await environment();
    const first = start(where);
    const url = await ready(first);
    expect(first.lines.filter((line) => line.includes('✔'))).toEqual(
      CHANGES.map((change) => expect.stringMatching(new RegExp(`${change} +catalogue-db +applied`))),
    );
    expect(await (await fetch(`${url}/products`)).json()).toEqual([
      { sku: 'cup-001', name: 'Cup', priceCents: 795 },
      { sku: 'pot-001', name: 'Teapot', priceCents: 2999 },
      { sku: 'tea-001', name: 'Green tea', priceCents: 410 },
    ]);
    const probe = await fetch(`${url}/health/ready`);
    expect([probe.status, await probe.json()]).toMatchObject([
      200,
      { status: 'ok', details: { flamingock: { state: 'ready', applied: 3, pending: 0 } } },
    ]);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    const changed = await put(`${url}/products/tea-001`, { name: 'Green tea', priceCents: 495 });
    expect([changed.status, await changed.json()]).toMatchObject([200, { priceCents: 495 }]);
    expect(await first.stop()).toEqual({ code: null, signal: 'SIGTERM' });

    const again = start(where);
    const next = await ready(again);
    expect(again.output).toContain('nothing to apply: 3 changes applied already');
    const product = await (await fetch(`${next}/products/tea-001`)).json();
    expect(product).toEqual({ sku: 'tea-001', name: 'Green tea', priceCents: 495 });
  });

  it('answers what it is asked wrongly, and says why', async () => {
    const url = await ready(start(await environment()));
    expect((await fetch(`${url}/products/nothing`)).status).toBe(404);
    for (const body of [{}, { name: ' ', priceCents: 1 }, { name: 'Cup', priceCents: 1.5 }]) {
      const refused = await put(`${url}/products/cup-001`, body);
      expect([refused.status, await refused.json()]).toMatchObject([
        400,
        { error: expect.stringContaining('whole number') },
      ]);
    }
  });
}

describe('The catalogue', () => {
  it.each([
    [{ PORT: 'http' }, 'PORT is no number'],
    [{ DATABASE_URL: 'mysql://root:hunter2@db/catalogue' }, 'DATABASE_URL is no mongodb:// address'],
    [
      { DATABASE_URL: 'mongodb://catalogue:hunter2@127.0.0.1:1/catalogue?serverSelectionTimeoutMS=500' },
      'ECONNREFUSED',
    ],
  ])('says once that %j cannot be used, without the value', async (environment, said) => {
    const child = start(environment);
    expect(await child.exited).toEqual({ code: 1, signal: null });
    expect(child.lines).toEqual([expect.stringContaining(said)]);
    expect(child.output).not.toContain('hunter2');
  });
});

const describeWithMongodb = await describeWith(mongodb);
const describeWithStandalone = await describeWith(ownMongodb);

describeWithMongodb('The catalogue on a replica set', () => {
  let server: Mongodb;
  beforeAll(async () => {
    server = await startMongodb();
  });
  afterAll(() => server.stop());

  serves(() => Promise.resolve({ DATABASE_URL: server.createDatabase().url }));

  it('does what it tells to try', async () => {
    const child = start({ DATABASE_URL: server.createDatabase().url });
    await ready(child);
    await child.line(/health\/ready/);
    const tips = child.lines.filter((line) => line.startsWith('  curl '));
    expect(tips).toHaveLength(3);
    for (const tip of tips) {
      const [, url = '', , body] =
        /^ {2}curl (\S+)( -X PUT -H 'content-type: application\/json' -d '(.*)')?$/.exec(tip) ?? [];
      const answer = body === undefined ? await fetch(url) : await put(url, JSON.parse(body) as object);
      expect([tip, answer.status]).toEqual([tip, 200]);
    }
  });
});

describeWithStandalone('The catalogue on a standalone server', () => {
  let server: Mongodb;
  beforeAll(async () => {
    server = await startMongodb({ standalone: true });
  });
  afterAll(() => server.stop());

  serves(() => Promise.resolve({ DATABASE_URL: server.createDatabase().url }));
});
