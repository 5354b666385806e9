import { delayed } from './delayed.mjs';
import { interleaved } from './interleaved.mjs';
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
/** @typedef {import('./databases/database.mjs').BenchDatabase} BenchDatabase */
/** @typedef {import('./contenders/contender.mjs').Contender} Contender */

/** Where tools apply all changes themselves, one after the other. */
const MOST_UNSEEDED = 1000;

/**
 * `startup`: a start with nothing pending.
 *
 * @param {BenchDatabase} server
 * @param {object} options
 * @param {readonly Contender[]} options.starting this software
 * @param {readonly Contender[]} options.peers
 * @param {readonly number[]} options.applied
 * @param {readonly number[]} options.rtts in milliseconds
 * @param {(line: string) => void} say
 */
export async function measureStartup(server, { starting, peers, applied, rtts }, say) {
  /** @type {StartupPoint[]} */
  const points = [];
  for (const count of applied) {
    if (server.seed === undefined && count > MOST_UNSEEDED) continue;
    const prepared = [];
    for (const contender of [...starting, ...peers]) {
      say(`startup: ${contender.name} with ${count} applied changes`);
      prepared.push(await prepare(server, contender, count));
    }
    for (const rtt of rtts) {
      say(`startup: measuring with ${count} applied changes, ${rtt} ms for a round trip`);
      points.push(await measure(server, prepared, count, rtt));
    }
  }
  const targets = points.flatMap((point) => targetsOf(point, starting.length));
  return { points, targets, ok: allMet(targets) };
}

/** @typedef {Awaited<ReturnType<typeof prepare>>} Prepared */

/**
 * A database where `count` changes are applied, and what a start on it sends.
 *
 * @param {BenchDatabase} server
 * @param {Contender} contender
 * @param {number} count
 */
async function prepare(server, contender, count) {
  const { url, folder } = await server.createDatabase();
  const first = await contender.open({ url, count: 1, folder: folder() });
  await first.start();
  await first.close();
  const files = folder();
  const open = (/** @type {string} */ address) => contender.open({ url: address, count, folder: files });
  // All but the first and the last, which the tool applies itself and thereby agrees with what was recorded for it.
  if (count > 2) await server.seed?.(url, contender, count - 1);
  const last = await open(url);
  await last.start();
  await last.close();
  await server.settle?.(url, contender);
  const traffic = await server.counted(url, open, (application) => application.start());
  if ((await server.effects(url)) !== (server.seed === undefined ? count : Math.min(count, 2)))
    throw new Error(`${contender.name} did not take its changes for applied`);
  return { name: contender.name, url, open, traffic };
}

/**
 * @param {BenchDatabase} server
 * @param {readonly Prepared[]} prepared ours first
 * @param {number} applied
 * @param {number} rtt
 * @returns {Promise<StartupPoint>}
 */
async function measure(server, prepared, applied, rtt) {
  const [first] = prepared;
  if (first === undefined) throw new Error('there is nobody to measure');
  const networks = await Promise.all(prepared.map(({ url }) => delayed(url, rtt)));
  const urls = networks.map(({ url }) => url);
  /** @type {import('./contenders/contender.mjs').Application[]} */
  const applications = [];
  for (const [index, { open }] of prepared.entries()) applications.push(await open(urls[index] ?? ''));
  const bare = await server.bareQuery(urls[0] ?? '', first.open);
  const times = await interleaved([bare.run, ...applications.map(({ start }) => start)], LIMITS);
  await Promise.all([bare.close(), ...applications.map((application) => application.close())]);
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
