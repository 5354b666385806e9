import { availableParallelism } from 'node:os';
import { CrashSystems } from '../../e2e/harness/crash/systems.mjs';
import { Lane } from './lane.mjs';
import { nameOf } from './pairs.mjs';

/** @typedef {import('./pairs.mjs').Pair} Pair */
/** @typedef {import('./lane.mjs').Trialled} Trialled */

/** Half of a trial is waiting for the end of a dead process's lease. */
export const DEFAULT_LANES = availableParallelism() * 2;

/**
 * How many services share a process: what a process costs is divided among them, and each has connections of its own to the
 * servers.
 */
const TOGETHER = 12;

/**
 * What came of the points of one pair.
 *
 * @typedef {object} PairResult
 * @property {string} pair
 * @property {readonly Trialled[]} trials
 */

/**
 * Kills real processes: for each pair, a service at each point of its work, which is then done again until it comes to an
 * end. Each trial has systems of its own.
 *
 * @param {object} options
 * @param {readonly Pair[]} options.pairs
 * @param {(point: string, index: number) => boolean} [options.which] the points of a pair that are tried; default all
 * @param {import('../../e2e/fixtures/crash/broken.mjs').Defect} [options.defect] breaks a promise of the store or target
 * @param {number} [options.lanes] how many processes are at work at the same time; default two for each processor
 * @param {(result: PairResult) => void} [options.onPair] is told when a pair is done
 * @returns {Promise<readonly PairResult[]>}
 */
export async function crashMatrix({
  pairs,
  which = () => true,
  defect,
  lanes: count = DEFAULT_LANES,
  onPair = () => undefined,
}) {
  const systems = await CrashSystems.open(pairs);
  const lanes = Array.from({ length: count }, () => new Lane(systems, defect));
  try {
    const points = await inLanes(lanes, inGroups(pairs), (lane, group) =>
      Promise.all(group.map(async (pair) => ({ pair, points: (await lane.points(pair)).filter(which) }))),
    );
    const results = points.flat().map((of) => ({ ...of, trials: /** @type {Trialled[]} */ ([]) }));
    const groups = results.flatMap((result) =>
      inGroups([...result.points.entries()]).map((group) => ({ result, group })),
    );
    await inLanes(lanes, groups, async (lane, { result: { pair, points: all, trials }, group }) => {
      const trialled = await lane.dieAt(
        pair,
        group.map(([, point]) => point),
      );
      for (const [index, [place]] of group.entries())
        trials[place] = /** @type {Trialled} */ (trialled[index]);
      if (Object.keys(trials).length === all.length) onPair({ pair: nameOf(pair), trials });
    });
    return results.map(({ pair, trials }) => ({ pair: nameOf(pair), trials }));
  } finally {
    await Promise.all(lanes.map((lane) => lane.close()));
    await systems.close();
  }
}

/**
 * Groups of about the same size, none larger than share a process.
 *
 * @template T
 * @param {readonly T[]} all
 * @returns {readonly T[][]}
 */
function inGroups(all) {
  const count = Math.ceil(all.length / TOGETHER);
  return Array.from({ length: count }, (_, group) => all.filter((__, index) => index % count === group));
}

/**
 * Does one task after the other in each lane, until none is left.
 *
 * @template T, R
 * @param {readonly Lane[]} lanes
 * @param {readonly T[]} tasks
 * @param {(lane: Lane, task: T) => Promise<R>} work
 * @returns {Promise<R[]>} in the order of the tasks
 */
async function inLanes(lanes, tasks, work) {
  const results = /** @type {R[]} */ ([]);
  const left = tasks.entries();
  await Promise.all(
    lanes.map(async (lane) => {
      for (const [index, task] of left) results[index] = await work(lane, task);
    }),
  );
  return results;
}
