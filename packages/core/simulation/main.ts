import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { joined, NOTHING, type Summary } from './simulate-many.js';
import type { Share } from './worker.js';

const USAGE = `npm run simulate -- [--schedules <count>] [--seed <first>] [--json]

Plays schedules of several instances of the engine against simulated systems, with faults.
  --schedules  how many (default 100000)
  --seed       the seed of the first one; the others follow (default 1)
  --json       prints one object, with ok`;

/** Plays the schedules on all cores. */
async function play(first: number, schedules: number): Promise<Summary> {
  const step = Math.min(availableParallelism(), schedules);
  const shares = Array.from({ length: step }, (_, index): Share => ({
    first: first + index,
    end: first + schedules,
    step,
  }));
  const summaries = await Promise.all(
    shares.map(async (share) => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: share });
      const [summary] = (await once(worker, 'message')) as [Summary];
      return summary;
    }),
  );
  return summaries.reduce(joined, NOTHING);
}

function print(summary: Summary, seconds: number): void {
  for (const { seed, rule, what, faults, schedule } of summary.counterexamples) {
    console.log(`${schedule.join('\n')}\n\nSeed ${seed} breaks a rule: ${rule}.\n  ${what}`);
    console.log(`  faults: ${faults.length === 0 ? 'none' : faults.join('; ')}\n`);
  }
  for (const [what, count] of Object.entries(summary.tally).sort(([a], [b]) => (a < b ? -1 : 1)))
    console.log(`${String(count).padStart(9)}  ${what}`);
  const days = Math.round(summary.virtualMs / 86_400_000);
  console.log(
    `\n${summary.schedules} schedules, ${summary.steps} steps, ${days} days of virtual time, in ${seconds} s`,
  );
  console.log(
    summary.counterexamples.length === 0
      ? 'every rule held'
      : `${summary.counterexamples.length} schedules broke a rule`,
  );
}

function countIn(text: string, name: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  console.error(`--${name} must be a whole number above 0\n\n${USAGE}`);
  process.exit(2);
}

const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(USAGE);
} else {
  const seed = countIn(values.seed, 'seed');
  const began = performance.now();
  const summary = await play(seed, countIn(values.schedules, 'schedules'));
  const seconds = Math.round((performance.now() - began) / 1000);
  const ok = summary.counterexamples.length === 0;
  if (values.json) console.log(JSON.stringify({ ok, seed, seconds, ...summary }));
  else print(summary, seconds);
  process.exitCode = ok ? 0 : 1;
}
