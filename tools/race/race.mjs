import { writeFile } from 'node:fs/promises';
import { Platform } from '../../e2e/harness/platform.mjs';
import { atStartingLine, eachSays, runHeat } from './heat.mjs';

/** @typedef {'pending' | 'idle' | 'refused'} HeatName */

/**
 * What was seen of one heat. Effects are counted where they happen: in the orders database, and in the logs of the
 * other systems themselves.
 *
 * @typedef {object} HeatFacts
 * @property {string} store
 * @property {HeatName} heat
 * @property {readonly import('./heat.mjs').Runner[]} runners
 * @property {number} milliseconds from the start of all until the last was ready or had ended
 * @property {readonly string[]} requests that the other systems got during the heat
 * @property {readonly Readonly<Record<string, unknown>>[]} orders as they are afterwards
 * @property {readonly string[]} outcomes that the heat added to the ledger: `raise-quantities APPLIED`
 */

/**
 * Starts that many processes of an application at once, on one new database, three times: with five changes pending, with
 * none, and with one that holds until all others wait for it and then fails.
 *
 * @param {import('../../e2e/harness/sandbox.mjs').Sandbox} sandbox
 * @param {import('./stores.mjs').RaceStore} store
 * @param {Awaited<ReturnType<import('./stores.mjs').RaceStore['start']>>} server of it
 * @param {number} processes
 * @param {(facts: HeatFacts) => void} [onHeat] is told of each heat when it is over
 * @returns {Promise<readonly HeatFacts[]>}
 */
export async function runRace(sandbox, store, server, processes, onHeat = () => undefined) {
  const platform = await Platform.start(sandbox);
  const shop = await server.openShop(sandbox);
  sandbox.onClose(() => shop.close());

  const goAhead = sandbox.path('go-ahead');
  const { counted, refused } = await store.releases(sandbox, platform.urls, goAhead);

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
   * @param {import('./stores.mjs').Release} release
   * @param {(children: readonly import('./heat.mjs').Child[]) => Promise<unknown>} [meanwhile]
   * @returns {Promise<HeatFacts>}
   */
  async function run(heat, release, meanwhile) {
    const before = await observe();
    const gun = sandbox.path(`gun-${heat}`);
    const environment = { ...shop.environment, ...atStartingLine(gun, store.loads) };
    const children = Array.from({ length: processes }, () => release(environment));
    const ran = await runHeat({ children, gun, meanwhile: async () => meanwhile?.(children) });
    const after = await observe();
    const facts = {
      store: store.title,
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
