import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** How long one step of a heat may take, in milliseconds: many processes share few processors. */
const PATIENCE = 300_000;

const STARTING_LINE = new URL('starting-line.mjs', import.meta.url).href;

/** @typedef {import('../../e2e/harness/child.mjs').Child} Child */

/**
 * What one process of a heat came to.
 *
 * @typedef {object} Runner
 * @property {boolean} ready whether it said so, and its probe agrees
 * @property {number | null} exitCode `null`: it was still running
 * @property {string} output everything that it wrote
 */

/**
 * Runs one heat: starts the processes at once, and ends them when each is ready or has ended by itself.
 *
 * @param {object} options
 * @param {readonly Child[]} options.children with the environment of {@link atStartingLine}
 * @param {string} options.gun
 * @param {() => Promise<unknown>} [options.meanwhile] happens after the start
 * @returns {Promise<{ readonly runners: readonly Runner[], readonly milliseconds: number }>} from the start until the
 *   last was ready or had ended
 */
export async function runHeat({ children, gun, meanwhile }) {
  await eachSays(children, /^at the line$/);
  const started = performance.now();
  await writeFile(gun, '');
  await meanwhile?.();
  const runners = await Promise.all(children.map(finish));
  const milliseconds = Math.round(performance.now() - started);
  await Promise.all(children.map((child) => child.stop()));
  return { runners, milliseconds };
}

/**
 * The environment of a process that waits for the gun.
 *
 * @param {string} gun the file that starts them
 * @param {string} loads the module beside the program that is most of the application
 */
export function atStartingLine(gun, loads) {
  return { NODE_OPTIONS: `--import=${STARTING_LINE}`, STARTING_GUN: gun, STARTING_LOADS: loads };
}

/**
 * Resolves when each of them has written such a line, or has ended.
 *
 * @param {readonly Child[]} children
 * @param {RegExp} pattern
 */
export function eachSays(children, pattern) {
  return Promise.all(children.map((child) => child.lineOrEnd(pattern, PATIENCE)));
}

/**
 * @param {Child} child
 * @returns {Promise<Runner>}
 */
async function finish(child) {
  const url = (await child.lineOrEnd(/^ready on (?<url>\S+)/, PATIENCE))?.groups?.['url'];
  const ready = url !== undefined && (await turnsReady(`${url}/health/ready`));
  return { ready, exitCode: child.exitCode, output: child.output };
}

/**
 * Asks as a load balancer does: while many processes start, a probe of the database may take too long for one answer.
 *
 * @param {string} probe
 */
async function turnsReady(probe) {
  const deadline = performance.now() + PATIENCE;
  while (performance.now() < deadline) {
    if ((await fetch(probe)).ok) return true;
    await pause(100);
  }
  return false;
}
