import { parentPort, workerData } from 'node:worker_threads';
import { simulateMany } from './simulate-many.js';

/** The seeds of one of several workers. */
export interface Share {
  readonly first: number;
  readonly end: number;
  readonly step: number;
}

let playing = 0;

function* seedsOf({ first, end, step }: Share): Iterable<number> {
  for (playing = first; playing < end; playing += step) yield playing;
}

// Nobody would ever hear of it, and in an application it ends the process.
process.on('unhandledRejection', (error) => {
  throw new Error(`Seed ${playing} leaves a rejection to nobody: ${String(error)}`);
});

// Errors are part of the game; nobody looks where they come from.
Error.stackTraceLimit = 0;
parentPort?.postMessage(await simulateMany(seedsOf(workerData as Share)));
