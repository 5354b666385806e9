import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { flamingockOnPg } from './contenders/flamingock.mjs';
import { warmPool } from './pools.mjs';
import { seedLedger } from './seed-ledger.mjs';
import { median, rounded } from './statistics.mjs';
import { allMet, atMost } from './target.mjs';

const ENTRIES = 10_000;
/** How often each process is started. */
const TIMES = 5;
const LIMIT_MB = 50;

/** How many changes a process declares that has taken older ones out of its code. */
const FEW = 10;

/**
 * What a process does before it tells how much memory it took at most. It declares the last changes, `newer` of which
 * are pending; a start with nothing pending finds the note of the run before it, unless it declares less than that.
 *
 * @typedef {object} Scene
 * @property {string} what
 * @property {'empty' | 'pool' | 'open' | 'start'} does
 * @property {number} [declares] default: all
 * @property {number} [newer]
 * @property {boolean} [limited] all that it takes is the engine's
 */

/** @type {readonly Scene[]} */
const SCENES = [
  { what: 'an empty process', does: 'empty' },
  { what: 'a process with a warm pool of pg', does: 'pool' },
  {
    what: `${FEW} declared changes: a run that applies one`,
    does: 'start',
    declares: FEW,
    newer: 1,
    limited: true,
  },
  { what: `${FEW} declared changes: a start`, does: 'start', declares: FEW, limited: true },
  {
    what: `${FEW - 1} declared changes: a start with a full reading`,
    does: 'start',
    declares: FEW - 1,
    limited: true,
  },
  { what: 'all changes declared: before any start', does: 'open' },
  { what: 'all changes declared: a run that applies one', does: 'start', newer: 1 },
  { what: 'all changes declared: a start', does: 'start' },
];

/**
 * `memory`: what a process takes at most, its largest resident set, with 10,000 entries in the ledger.
 *
 * @param {import('./databases/postgres.mjs').PostgresBench} server
 * @param {(line: string) => void} say
 */
export async function measureMemory(server, say) {
  const ours = flamingockOnPg('TX_SHARED');
  const { url, folder } = await server.createDatabase();
  const first = await ours.open({ url, count: 1, folder: folder() });
  await first.start();
  await first.close();
  const pool = await warmPool(url);
  // One entry is that of the run.
  let last = ENTRIES - 1;
  await seedLedger(pool, last);
  await pool.end();

  const processes = [];
  for (const { what, does, declares, newer = 0, limited = false } of SCENES) {
    say(`memory: ${what}`);
    const megabytes = [];
    for (let time = 0; time < TIMES; time += 1) {
      last += newer;
      megabytes.push(await peak(does, url, declares === undefined ? 1 : last - declares + 1, last));
    }
    processes.push({ what, megabytes: rounded(median(megabytes)), limited });
  }
  const [empty] = processes;
  const targets = processes
    .filter(({ limited }) => limited)
    .map(({ what, megabytes }) =>
      atMost(`MB above an empty process: ${what}`, rounded(megabytes - (empty?.megabytes ?? NaN)), LIMIT_MB),
    );
  return { entries: ENTRIES, processes, targets, ok: allMet(targets) };
}

/**
 * @param {string} does
 * @param {string} url
 * @param {number} from the first change that it declares
 * @param {number} to the last one
 */
async function peak(does, url, from, to) {
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(import.meta.dirname, 'memory-process.mjs'),
    does,
    url,
    String(from),
    String(to),
  ]);
  return Number(stdout);
}
