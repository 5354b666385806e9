import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { flamingockOnPg } from './contenders/flamingock.mjs';
import { warmPool } from './pools.mjs';
import { median, rounded } from './statistics.mjs';
import { allMet, atMost } from './target.mjs';

const ENTRIES = 10_000;
/** How often each process is started. */
const TIMES = 5;
const LIMIT_MB = 50;

/** What a process does before it tells how much memory it took at most. */
const SCENES = /** @type {const} */ ([
  { scene: 'empty', what: 'an empty process' },
  { scene: 'pool', what: 'a process with a warm pool of pg' },
  { scene: 'start', what: 'a start with nothing pending' },
  { scene: 'run', what: 'a run that applies one change' },
]);

/**
 * `memory`: what a process takes at most, its largest resident set, with 10,000 entries in the ledger.
 *
 * @param {import('./bench-server.mjs').BenchServer} server
 * @param {(line: string) => void} say
 */
export async function measureMemory(server, say) {
  const ours = flamingockOnPg('TX_SHARED');
  const { url, folder } = await server.createDatabase();
  const first = await ours.open({ url, count: 1, folder: folder() });
  await first.start();
  await first.close();
  const pool = await warmPool(url);
  // The run's own entry is the first.
  await ours.seed(pool, ENTRIES - 1);
  await pool.end();

  const processes = [];
  for (const { scene, what } of SCENES) {
    say(`memory: ${what}`);
    const megabytes = [];
    // One more change is declared each time: a run applies it, and a start has none that is pending.
    for (let time = 0; time < TIMES; time += 1)
      megabytes.push(await peak(scene, url, ENTRIES - 1 + (scene === 'run' ? time + 1 : 0)));
    processes.push({ what, megabytes: rounded(median(megabytes)) });
  }
  const [empty, , ...engines] = processes;
  const targets = engines.map(({ what, megabytes }) =>
    atMost(`MB above an empty process: ${what}`, rounded(megabytes - (empty?.megabytes ?? NaN)), LIMIT_MB),
  );
  return { entries: ENTRIES, processes, targets, ok: allMet(targets) };
}

/**
 * @param {string} scene
 * @param {string} url
 * @param {number} declared how many changes
 */
async function peak(scene, url, declared) {
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(import.meta.dirname, 'memory-process.mjs'),
    scene,
    url,
    String(declared),
  ]);
  return Number(stdout);
}
