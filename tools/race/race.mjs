import { writeFile } from 'node:fs/promises';
import { OrdersRelease } from '../../e2e/harness/orders.mjs';
import { Platform } from '../../e2e/harness/platform.mjs';
import { ShopDatabase } from '../../e2e/harness/shop-database.mjs';
import { writeCountedChange, writeRefusedChange } from './changes.mjs';
import { atStartingLine, eachSays, runHeat } from './heat.mjs';

/** @typedef {'pending' | 'idle' | 'refused'} HeatName */

/**
 * What was seen of one heat. Effects are counted where they happen: in the orders database, and in the logs of the
 * other systems themselves.
 *
 * @typedef {object} HeatFacts
 * @property {HeatName} heat
 * @property {readonly import('./heat.mjs').Runner[]} runners
 * @property {number} milliseconds from the start of all until the last was ready or had ended
 * @property {readonly string[]} requests that the other systems got during the heat
 * @property {readonly Readonly<Record<string, unknown>>[]} orders as they are afterwards
 * @property {readonly string[]} outcomes that the heat added to the ledger: `raise-quantities APPLIED`
 */

/**
 * Starts that many processes of the sample at once, on one new database of a PostgreSQL server, three times: with five
 * changes pending, with none, and with one that holds until all others wait for it and then fails.
 *
 * @param {import('../../e2e/harness/sandbox.mjs').Sandbox} sandbox
 * @param {import('../services/postgres.mjs').Postgres} server
 * @param {number} processes
 * @param {(facts: HeatFacts) => void} [onHeat] is told of each heat when it is over
 * @returns {Promise<readonly HeatFacts[]>}
 */
export async function runRace(sandbox, server, processes, onHeat = () => undefined) {
  const platform = await Platform.start(sandbox);
  const shop = await ShopDatabase.create(server);
  sandbox.onClose(() => shop.close());

  const goAhead = sandbox.path('go-ahead');
  const sample = new OrdersRelease(sandbox, platform.urls);
  const counted = await sample.next(writeCountedChange, 'counted');
  const refused = await counted.next((changes) => writeRefusedChange(changes, goAhead), 'refused');

  async function observe() {
    const [registry, contracts, gateway] = await Promise.all([
      platform.requests('registry'),
      platform.requests('contracts'),
      platform.requests('gateway'),
    ]);
    return { requests: [registry, contracts, gateway], outcomes: await shop.ledger() };
  }

  /**
   * @param {HeatName} heat
   * @param {OrdersRelease} release
   * @param {(children: readonly import('./heat.mjs').Child[]) => Promise<unknown>} [meanwhile]
   * @returns {Promise<HeatFacts>}
   */
  async function run(heat, release, meanwhile) {
    const before = await observe();
    const gun = sandbox.path(`gun-${heat}`);
    const environment = { DATABASE_URL: shop.url, ...atStartingLine(gun) };
    const children = Array.from({ length: processes }, () => release.start(0, environment));
    const ran = await runHeat({ children, gun, meanwhile: async () => meanwhile?.(children) });
    const after = await observe();
    const facts = {
      heat,
      ...ran,
      requests: after.requests.flatMap((log, index) => log.slice(before.requests[index]?.length)),
      orders: await shop.orders(),
      outcomes: after.outcomes.slice(before.outcomes.length),
    };
    onHeat(facts);
    return facts;
  }

  return [
    await run('pending', counted),
    await run('idle', counted),
    await run('refused', refused, async (children) => {
      await eachSays(children, /holds$|waiting for/);
      await writeFile(goAhead, '');
    }),
  ];
}
