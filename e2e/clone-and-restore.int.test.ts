import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ErrorCode } from '@flamingock/core';
import { describeWith } from '../tools/services/describe-with.mjs';
import { postgres, startPostgres, type Postgres } from '../tools/services/postgres.mjs';
import { effectsIn, refusalOf, startRelease, type Deployment } from './harness/deployment.js';

/** What the error of a refused start has to tell. */
interface Refusal {
  readonly code: ErrorCode;
  readonly says: RegExp;
  readonly wayOut: RegExp;
}

const FOREIGN: Refusal = {
  code: 'FLG_TARGET_ENVIRONMENT',
  says: /'orders-db' belongs to environment '\w+' of service 'orders'/,
  wayOut: /point the configuration at this environment's own system/,
};

const LISTED = { staging: {}, 'pr-7': {}, blue: {}, green: {} };

const describeWithPostgres = await describeWith(postgres);

describeWithPostgres('A start with a change pending is refused and leaves everything as it was', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  async function emptyDatabase(): Promise<string> {
    return (await server.createDatabase()).url;
  }

  /** As a dump of it would be, restored under another name. */
  async function copyOf(url: string): Promise<string> {
    return (await server.createDatabase({ url })).url;
  }

  /** With two of the three changes applied. */
  async function deployed(environment: string): Promise<Deployment> {
    const deployment = { environment, audit: await emptyDatabase(), orders: await emptyDatabase() };
    await startRelease(2, deployment);
    return deployment;
  }

  async function copied({ audit, orders, ...rest }: Deployment): Promise<Deployment> {
    return { ...rest, audit: await copyOf(audit), orders: await copyOf(orders) };
  }

  async function isRefused(deployment: Deployment, { code, says, wayOut }: Refusal): Promise<void> {
    const before = await effectsIn(deployment);
    const error = await refusalOf(3, deployment);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(says);
    expect(error.hint).toMatch(wayOut);
    await expect(effectsIn(deployment)).resolves.toEqual(before);
  }

  it('on a dump of staging, as an environment that nobody has listed', async () => {
    const clone = { ...(await copied(await deployed('staging'))), environment: 'pr-7' };
    await isRefused(clone, {
      code: 'FLG_ENVIRONMENT_UNLISTED',
      says: /'pr-7' of service 'orders' has no ledger here, but 'staging' has/,
      wayOut: /list it: environments: \{ 'pr-7': \{\} \}\. Otherwise correct the name/,
    });
  });

  it('on a dump of staging, as an environment that is listed', async () => {
    const clone = await copied(await deployed('staging'));
    await isRefused({ ...clone, environment: 'pr-7', environments: LISTED }, FOREIGN);
  });

  it("on the orders database of blue, as green with a ledger of its own or in blue's audit store", async () => {
    const blue = await deployed('blue');
    await isRefused({ ...blue, environment: 'green', audit: await emptyDatabase() }, FOREIGN);
    await isRefused({ ...blue, environment: 'green', environments: LISTED }, FOREIGN);
  });

  it('on a dump or a second environment of a database that holds both the ledger and the orders', async () => {
    const database = await emptyDatabase();
    const staging = { environment: 'staging', environments: LISTED, audit: database, orders: database };
    await startRelease(2, staging);
    const dump = await copyOf(database);
    await isRefused({ ...staging, environment: 'pr-7', audit: dump, orders: dump }, FOREIGN);
    await isRefused({ ...staging, environment: 'green' }, FOREIGN);
    await expect(startRelease(3, staging)).resolves.toEqual(['change-3']);
  });

  it("on yesterday's orders database, under today's ledger", async () => {
    const production = {
      environment: 'production',
      audit: await emptyDatabase(),
      orders: await emptyDatabase(),
    };
    await startRelease(1, production);
    const yesterday = await copied(production);
    await startRelease(2, production);
    await isRefused(
      { ...production, orders: yesterday.orders },
      {
        code: 'FLG_TARGET_BEHIND',
        says: /'orders-db' has come to ledger entry \d+, but the ledger says that entry \d+ was committed there/,
        wayOut: /restore the state that belongs to the ledger/,
      },
    );
    // Nor is the way out blocked: with the ledger that belongs to it, it goes on.
    await expect(startRelease(2, yesterday)).resolves.toEqual(['change-2']);
  });

  it("on today's orders database, under yesterday's ledger", async () => {
    const production = {
      environment: 'production',
      audit: await emptyDatabase(),
      orders: await emptyDatabase(),
    };
    await startRelease(1, production);
    const yesterday = await copied(production);
    await startRelease(2, production);
    await isRefused(
      { ...production, audit: yesterday.audit },
      {
        code: 'FLG_TARGET_AHEAD',
        says: /the ledger is older than the target, or another one/,
        wayOut: /bring back the one that belongs to the other/,
      },
    );
  });

  it('unless ledger and orders database belong together, such as a dump of both', async () => {
    const production = await deployed('production');
    const dump = await copied(production);
    await expect(startRelease(3, dump)).resolves.toEqual(['change-3']);
  });
});
