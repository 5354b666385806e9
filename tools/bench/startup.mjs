import { ask } from './bench-server.mjs';
import { flamingockOnPg, flamingockReadingAll } from './contenders/index.mjs';
import { delayed } from './delayed.mjs';
import { interleaved } from './interleaved.mjs';
import { queriesIn, warmPool } from './pools.mjs';
import { median, rounded } from './statistics.mjs';
import { targetsOf } from './startup-targets.mjs';
import { allMet } from './target.mjs';

/** For each point: how often everybody starts, and how much time each may take for that, in milliseconds. */
const LIMITS = { rounds: 101, budgetMs: 2_000 };

/**
 * @typedef {object} StartOf
 * @property {string} name
 * @property {number} starts how many were timed
 * @property {number} milliseconds their median
 * @property {number} ratio to ours
 * @property {number} statements
 * @property {number} roundTrips
 */

/** @typedef {{ applied: number, rtt: number, contenders: readonly StartOf[] }} StartupPoint */

/**
 * `startup`: a start with nothing pending.
 *
 * @param {import('./bench-server.mjs').BenchServer} server
 * @param {object} options
 * @param {readonly import('./contenders/contender.mjs').Contender[]} options.peers
 * @param {readonly number[]} options.applied
 * @param {readonly number[]} options.rtts in milliseconds
 * @param {(line: string) => void} say
 */
export async function measureStartup(server, { peers, applied, rtts }, say) {
  const contenders = [flamingockOnPg('TX_SHARED'), flamingockReadingAll(), ...peers];
  /** @type {StartupPoint[]} */
  const points = [];
  for (const count of applied) {
    const prepared = [];
    for (const contender of contenders) {
      say(`startup: ${contender.name} with ${count} applied changes`);
      prepared.push(await prepare(server, contender, count));
    }
    for (const rtt of rtts) {
      say(`startup: measuring with ${count} applied changes, ${rtt} ms for a round trip`);
      points.push(await measure(prepared, count, rtt));
    }
  }
  const targets = points.flatMap(targetsOf);
  return { points, targets, ok: allMet(targets) };
}

/** @typedef {Awaited<ReturnType<typeof prepare>>} Prepared */

/**
 * A database where `count` changes are applied, and what a start on it sends.
 *
 * @param {import('./bench-server.mjs').BenchServer} server
 * @param {import('./contenders/contender.mjs').Contender} contender
 * @param {number} count
 */
async function prepare(server, contender, count) {
  const { url, folder } = await server.createDatabase();
  const first = await contender.open({ url, count: 1, folder: folder() });
  await first.start();
  await first.close();
  const pool = await warmPool(url);
  const files = folder();
  const open = (/** @type {string} */ address) => contender.open({ url: address, count, folder: files });
  // All but the first and the last, which the tool applies itself and thereby agrees with what was recorded for it.
  if (count > 2) await contender.seed(pool, count - 1);
  const last = await open(url);
  await last.start();
  await last.close();
  await contender.settle?.(pool);
  await pool.query('VACUUM ANALYZE');
  await pool.end();
  const traffic = await server.counted(
    url,
    () => open(url),
    (application) => application.start(),
  );
  const [{ effects }] = await ask(url, 'SELECT count(*)::integer AS effects FROM effects');
  if (effects !== Math.min(count, 2))
    throw new Error(`${contender.name} did not take its changes for applied`);
  return { name: contender.name, url, open, traffic };
}

/**
 * @param {readonly Prepared[]} prepared ours first
 * @param {number} applied
 * @param {number} rtt
 * @returns {Promise<StartupPoint>}
 */
async function measure(prepared, applied, rtt) {
  const networks = await Promise.all(prepared.map(({ url }) => delayed(url, rtt)));
  const urls = networks.map(({ url }) => url);
  /** @type {import('./contenders/contender.mjs').Application[]} */
  const applications = [];
  for (const [index, { open }] of prepared.entries()) applications.push(await open(urls[index] ?? ''));
  const pool = await warmPool(urls[0] ?? '');
  // What a start sends, and nothing else: no engine that sends it can be faster than that.
  const [bareQuery] = await queriesIn(async () => applications[0]?.start());
  const times = await interleaved(
    [
      () => pool.query(/** @type {import('pg').QueryConfig} */ (bareQuery)),
      ...applications.map((application) => application.start),
    ],
    LIMITS,
  );
  await Promise.all([pool.end(), ...applications.map((application) => application.close())]);
  await Promise.all(networks.map(({ close }) => close()));
  const ours = median(times[1] ?? []);
  return {
    applied,
    rtt,
    contenders: [{ name: 'bare query', traffic: { statements: 1, roundTrips: 1 } }, ...prepared].map(
      ({ name, traffic }, index) => {
        const taken = times[index] ?? [];
        return {
          name,
          starts: taken.length,
          milliseconds: rounded(median(taken)),
          ratio: rounded(median(taken) / ours),
          ...traffic,
        };
      },
    ),
  };
}
