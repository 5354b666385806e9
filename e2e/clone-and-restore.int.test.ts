import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ErrorCode } from '@flamingock/core';
import { describeWith } from '../tools/services/describe-with.mjs';
import { DATABASE_SYSTEMS } from './harness/databases/all.js';
import type { DatabaseServer } from './harness/databases/database.js';
import {
  adoptTarget,
  effectNames,
  effectsIn,
  refusalOf,
  startRelease,
  type Deployment,
} from './harness/deployment.js';

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

const BEHIND: Refusal = {
  code: 'FLG_TARGET_BEHIND',
  says: /'orders-db' has come to ledger entry \d+, but the ledger says that entry \d+ was committed there/,
  wayOut: /restore the state that belongs to the ledger/,
};

const AHEAD: Refusal = {
  code: 'FLG_TARGET_AHEAD',
  says: /the ledger is older than the target, or another one/,
  wayOut: /bring back the one that belongs to the other/,
};

const LISTED = { staging: {}, 'pr-7': {}, blue: {}, green: {} };

for (const system of DATABASE_SYSTEMS) {
  const describeWithServer = await describeWith(system.service);

  describeWithServer(`A start with a change pending on ${system.name}`, () => {
    let server: DatabaseServer;
    beforeAll(async () => {
      server = await system.start();
    });
    afterAll(() => server.stop());

    async function emptyDatabase(): Promise<string> {
      return (await server.createDatabase()).url;
    }

    async function ordersDatabase(): Promise<string> {
      const url = await emptyDatabase();
      const database = await server.connect(url);
      await database.prepareEffects();
      await database.close();
      return url;
    }

    /** With so many of the three changes applied. */
    async function deployed(environment: string, changes = 2): Promise<Deployment> {
      const deployment = {
        server,
        environment,
        audit: await emptyDatabase(),
        orders: await ordersDatabase(),
      };
      await startRelease(changes, deployment);
      return deployment;
    }

    /** Dumped, and restored under other names. */
    async function copied({ audit, orders, ...rest }: Deployment): Promise<Deployment> {
      const [auditCopy, ordersCopy] = [await server.copy(audit), await server.copy(orders)];
      return { ...rest, audit: auditCopy.url, orders: ordersCopy.url };
    }

    async function isRefused(deployment: Deployment, { code, says, wayOut }: Refusal): Promise<void> {
      const before = await effectsIn(deployment);
      const error = await refusalOf(3, deployment);
      expect(error.code).toBe(code);
      expect(error.message).toMatch(says);
      expect(error.hint).toMatch(wayOut);
      await expect(effectsIn(deployment)).resolves.toEqual(before);
    }

    it('is refused on a dump of staging, as an environment that nobody has listed', async () => {
      const clone = { ...(await copied(await deployed('staging'))), environment: 'pr-7' };
      await isRefused(clone, {
        code: 'FLG_ENVIRONMENT_UNLISTED',
        says: /'pr-7' of service 'orders' has no ledger here, but 'staging' has/,
        wayOut: /list it: environments: \{ 'pr-7': \{\} \}\. Otherwise correct the name/,
      });
    });

    it('is refused on a dump of staging, as an environment that is listed, until the target is adopted', async () => {
      const clone = {
        ...(await copied(await deployed('staging'))),
        environment: 'pr-7',
        environments: LISTED,
      };
      await isRefused(clone, FOREIGN);
      // It holds what staging had applied, of which its new ledger knows nothing.
      await expect(adoptTarget(2, clone, { inDoubt: 'APPLIED' })).resolves.toMatchObject({
        found: 'foreign',
        inDoubt: ['change-1', 'change-2'],
      });
      await expect(startRelease(3, clone)).resolves.toEqual(['change-3']);
      await expect(effectNames(clone)).resolves.toEqual(['change-1', 'change-2', 'change-3']);
    });

    it("is refused on the orders database of blue, as green with a ledger of its own or in blue's audit store", async () => {
      const blue = await deployed('blue');
      await isRefused({ ...blue, environment: 'green', audit: await emptyDatabase() }, FOREIGN);
      await isRefused({ ...blue, environment: 'green', environments: LISTED }, FOREIGN);
    });

    it('is refused on a dump or a second environment of a database that holds both the ledger and the orders', async () => {
      const database = await ordersDatabase();
      const staging = {
        server,
        environment: 'staging',
        environments: LISTED,
        audit: database,
        orders: database,
      };
      await startRelease(2, staging);
      const { url } = await server.copy(database);
      await isRefused({ ...staging, environment: 'pr-7', audit: url, orders: url }, FOREIGN);
      await isRefused({ ...staging, environment: 'green' }, FOREIGN);
      await expect(startRelease(3, staging)).resolves.toEqual(['change-3']);
    });

    it("is refused on yesterday's orders database, under today's ledger", async () => {
      const production = await deployed('production', 1);
      const yesterday = await copied(production);
      await startRelease(2, production);
      await isRefused({ ...production, orders: yesterday.orders }, BEHIND);
      // Nor is the way out blocked: with the ledger that belongs to it, it goes on.
      await expect(startRelease(2, yesterday)).resolves.toEqual(['change-2']);
    });

    it('is refused on an orders database that was set back, and adopting it has the lost change applied again', async () => {
      const production = await deployed('production', 1);
      const yesterday = await copied(production);
      await startRelease(2, production);
      await server.restore(yesterday.orders, production.orders);
      await isRefused(production, BEHIND);
      await expect(adoptTarget(3, production, { inDoubt: 'ROLLED_BACK' })).resolves.toMatchObject({
        found: 'behind',
        inDoubt: ['change-2'],
      });
      await expect(startRelease(3, production)).resolves.toEqual(['change-2', 'change-3']);
      await expect(effectNames(production)).resolves.toEqual(['change-1', 'change-2', 'change-3']);
    });

    it("is refused on today's orders database, under a ledger that was set back to yesterday's", async () => {
      const production = await deployed('production', 1);
      const yesterday = await copied(production);
      await startRelease(2, production);
      await isRefused({ ...production, audit: yesterday.audit }, AHEAD);
      await server.restore(yesterday.audit, production.audit);
      await isRefused(production, AHEAD);
    });

    it('goes on where ledger and orders database belong together, such as a dump of both', async () => {
      const dump = await copied(await deployed('production'));
      await expect(startRelease(3, dump)).resolves.toEqual(['change-3']);
    });
  });
}
