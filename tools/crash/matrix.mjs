import { availableParallelism } from 'node:os';
import { CrashSystems } from '../../e2e/harness/crash-systems.mjs';
import { Lane } from './lane.mjs';
import { nameOf } from './pairs.mjs';

/** @typedef {import('./pairs.mjs').Pair} Pair */
/** @typedef {import('./lane.mjs').Trialled} Trialled */

/** Most of a trial is waiting for the end of a dead process's lease. */
const LANES = availableParallelism() * 8;

/**
 * What came of the points of one pair.
 *
 * @typedef {object} PairResult
 * @property {string} pair
 * @property {readonly Trialled[]} trials
 */

/**
 * Kills real processes: for each pair, a process at each point of its work, which is then done again until it comes to an
 * end. Each trial has systems of its own.
 *
 * @param {object} options
 * @param {readonly Pair[]} options.pairs
 * @param {(point: string, index: number) => boolean} [options.which] the points of a pair that are tried; default all
 * @param {import('../../e2e/fixtures/crash/broken.mjs').Defect} [options.defect] breaks a promise of the store or target
 * @param {(result: PairResult) => void} [options.onPair] is told when a pair is done
 * @returns {Promise<readonly PairResult[]>}
 */
export async function crashMatrix({ pairs, which = () => true, defect, onPair = () => undefined }) {
  const systems = await CrashSystems.open(pairs);
  const lanes = Array.from({ length: LANES }, () => new Lane(systems, defect));
  try {
    const pointsOf = await inLanes(lanes, pairs, (lane, pair) => lane.points(pair));
    const results = pairs.map((pair, index) => ({
      pair,
      points: pointsOf[index]?.filter(which) ?? [],
      trials: /** @type {Trialled[]} */ ([]),
    }));
    const all = results.flatMap((result) => result.points.map((point, place) => ({ result, point, place })));
    await inLanes(lanes, all, async (lane, { result: { pair, points, trials }, point, place }) => {
      trials[place] = await lane.dieAt(pair, point);
      if (Object.keys(trials).length === points.length) onPair({ pair: nameOf(pair), trials });
    });
    return results.map(({ pair, trials }) => ({ pair: nameOf(pair), trials }));
  } finally {
    await Promise.all(lanes.map((lane) => lane.close()));
    await systems.close();
  }
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
