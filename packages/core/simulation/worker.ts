import { parentPort, workerData } from 'node:worker_threads';
import { simulateMany } from './simulate-many.js';

/** The seeds of one of several workers. */
export interface Share {
  readonly first: number;
  readonly end: number;
  readonly step: number;
}

function* seedsOf({ first, end, step }: Share): Iterable<number> {
  for (let seed = first; seed < end; seed += step) yield seed;
}

// Errors are part of the game; nobody looks where they come from.
Error.stackTraceLimit = 0;
parentPort?.postMessage(await simulateMany(seedsOf(workerData as Share)));
