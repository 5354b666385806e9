import { type ScheduleResult, simulate, type SimulationOptions } from './simulate.js';
import { describeFault, type Fault } from './world/faults.js';

/** A schedule that breaks a rule, with as few faults as it takes, step by step. */
export interface Counterexample {
  readonly seed: number;
  readonly rule: string;
  readonly what: string;
  /** In words. */
  readonly faults: readonly string[];
  readonly schedule: readonly string[];
}

/** Leaves out each fault without which the schedule of a seed breaks the same rule, and plays what is left in words. */
export async function minimise(
  { seed, scenario, violation }: ScheduleResult,
  options: SimulationOptions = {},
): Promise<Counterexample> {
  let faults: readonly Fault[] = scenario.faults;
  for (const fault of scenario.faults) {
    const fewer = faults.filter((one) => one !== fault);
    const result = await simulate(seed, { ...options, faults: fewer });
    if (result.violation?.rule === violation?.rule) faults = fewer;
  }
  const trace: string[] = [];
  const played = await simulate(seed, { ...options, faults, trace });
  return {
    seed,
    rule: played.violation?.rule ?? '',
    what: played.violation?.what ?? '',
    faults: faults.map(describeFault),
    schedule: trace,
  };
}
