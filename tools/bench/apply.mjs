import { median, perChange, rounded } from './statistics.mjs';
import { allMet, atMost } from './target.mjs';

/** With how many pending changes round trips are counted: two, to tell what a change costs from what a run costs. */
const COUNTED = /** @type {const} */ ([10, 60]);
/** How often each number of pending changes is applied, in databases of their own; the first of several only warms up. */
const REPETITIONS = /** @type {const} */ ([
  { pending: 10, times: 8 },
  { pending: 100, times: 4 },
  { pending: 1000, times: 1 },
]);

/** What every start sends that finds something pending: reading, the lock, reading again under it, giving it back. */
const LOCKED_START = 4;

/** @typedef {import('./databases/database.mjs').BenchDatabase} BenchDatabase */
/** @typedef {import('./contenders/contender.mjs').Contender} Contender */

/**
 * @typedef {object} ApplyOf
 * @property {string} name
 * @property {string} safety
 * @property {number} roundTripsPerChange its own statement included
 * @property {number} roundTripsPerRun what does not grow with the number of changes
 * @property {readonly { pending: number, millisecondsPerChange: number }[]} times
 */

/**
 * `apply`: one-statement changes that are pending.
 *
 * @param {BenchDatabase} server
 * @param {object} options
 * @param {readonly import('./contenders/index.mjs').Limited[]} options.applying this software
 * @param {readonly Contender[]} options.peers
 * @param {readonly number[]} options.pending
 * @param {(line: string) => void} say
 */
export async function measureApply(server, { applying, peers, pending }, say) {
  const contenders = [...applying.map(({ contender }) => contender), ...peers];
  /** @type {ReturnType<typeof perChange>[]} */
  const counts = [];
  for (const contender of contenders) {
    say(`apply: counting what ${contender.name} sends`);
    counts.push(await count(server, contender));
  }
  /** @type {{ pending: number, milliseconds: readonly number[] }[]} */
  const rows = [];
  for (const size of pending)
    rows.push({ pending: size, milliseconds: await time(server, contenders, size, say) });

  const results = contenders.map(({ name, safety }, index) => ({
    name,
    safety,
    roundTripsPerChange: counts[index]?.perChange ?? NaN,
    roundTripsPerRun: counts[index]?.perRun ?? NaN,
    times: rows.map((row) => ({
      pending: row.pending,
      millisecondsPerChange: rounded((row.milliseconds[index] ?? NaN) / row.pending),
    })),
  }));
  const targets = applying.flatMap(({ contender, roundTrips, fixed }, index) => [
    atMost(
      `round trips of ${contender.name} beyond the change's own`,
      (counts[index]?.perChange ?? NaN) - 1,
      roundTrips,
    ),
    atMost(
      `round trips of ${contender.name} for a run, beyond reading, lock, reading again and giving back`,
      (counts[index]?.perRun ?? NaN) - LOCKED_START,
      fixed,
    ),
  ]);
  return { contenders: results, targets, ok: allMet(targets) };
}

/**
 * @param {BenchDatabase} server
 * @param {Contender} contender
 */
async function count(server, contender) {
  /** @type {[number, number][]} */
  const counts = [];
  for (const size of COUNTED) {
    const database = await begun(server, contender, size);
    const { roundTrips } = await server.counted(database.url, database.open, ({ start }) => start());
    counts.push([size, roundTrips]);
  }
  const [few, many] = counts;
  if (few === undefined || many === undefined) throw new Error('two counts are needed');
  return perChange(few, many);
}

/**
 * Medians in milliseconds, one for each contender.
 *
 * @param {BenchDatabase} server
 * @param {readonly Contender[]} contenders
 * @param {number} size
 * @param {(line: string) => void} say
 */
async function time(server, contenders, size, say) {
  const { times } = REPETITIONS.find(({ pending }) => size <= pending) ?? { times: 1 };
  /** @type {number[][]} */
  const milliseconds = contenders.map(() => []);
  for (let round = 0; round < times; round += 1) {
    say(`apply: ${size} pending changes, round ${round + 1} of ${times}`);
    for (const [index, contender] of contenders.entries()) {
      const { url, open } = await begun(server, contender, size);
      const application = await open(url);
      const started = performance.now();
      await application.start();
      if (round > 0 || times === 1) milliseconds[index]?.push(performance.now() - started);
      await application.close();
      const effects = await server.effects(url);
      if (effects !== size + 1)
        throw new Error(`${contender.name} has applied ${effects} of ${size + 1} changes`);
    }
  }
  return milliseconds.map(median);
}

/**
 * A database where the first change is applied, so that the tool's own tables are there, and `size` more are pending.
 *
 * @param {BenchDatabase} server
 * @param {Contender} contender
 * @param {number} size
 */
async function begun(server, contender, size) {
  const { url, folder } = await server.createDatabase();
  const first = await contender.open({ url, count: 1, folder: folder() });
  await first.start();
  await first.close();
  const open = (/** @type {string} */ address) =>
    contender.open({ url: address, count: size + 1, folder: folder() });
  return { url, open };
}
