import { type Counterexample, minimise } from './minimise.js';
import { simulate, type SimulationOptions } from './simulate.js';

/** What came of many schedules. */
export interface Summary {
  readonly schedules: number;
  readonly steps: number;
  readonly virtualMs: number;
  /** How often each thing happened: an outcome in the ledger, a fault, the end of a start. */
  readonly tally: Readonly<Record<string, number>>;
  readonly counterexamples: readonly Counterexample[];
}

export const NOTHING: Summary = { schedules: 0, steps: 0, virtualMs: 0, tally: {}, counterexamples: [] };

/** Nobody reads more than this. */
const MOST_COUNTEREXAMPLES = 3;

/**
 * Plays the schedules of some seeds, and stops when enough of them have broken a rule.
 *
 * @param seeds in the order in which they are played
 */
export async function simulateMany(
  seeds: Iterable<number>,
  options: SimulationOptions = {},
): Promise<Summary> {
  let summary = NOTHING;
  for (const seed of seeds) {
    const result = await simulate(seed, options);
    const { steps, virtualMs, tally } = result;
    const counterexamples = result.violation === undefined ? [] : [await minimise(result, options)];
    summary = joined(summary, { schedules: 1, steps, virtualMs, tally, counterexamples });
    if (summary.counterexamples.length >= MOST_COUNTEREXAMPLES) break;
    // Timers and signals of this process get a turn.
    await new Promise(setImmediate);
  }
  return summary;
}

export function joined(one: Summary, other: Summary): Summary {
  const tally = { ...one.tally };
  for (const [what, count] of Object.entries(other.tally)) tally[what] = (tally[what] ?? 0) + count;
  return {
    schedules: one.schedules + other.schedules,
    steps: one.steps + other.steps,
    virtualMs: one.virtualMs + other.virtualMs,
    tally,
    counterexamples: [...one.counterexamples, ...other.counterexamples],
  };
}
