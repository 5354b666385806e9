import { createWriteStream, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * What a gate leaves behind, in `.reports/<project>.<target>.json`. Nx caches it with the gate's other
 * outputs, so that a gate which is read from the cache still tells what it counted. `reasons` are those of
 * skipped tests. `finished` is in milliseconds since the epoch.
 *
 * @typedef {{ passed: number, failed: number, skipped: number, reasons?: readonly string[] }} Counts
 * @typedef {Counts & { finished: number, milliseconds: number }} Report
 */

export const reports = join(import.meta.dirname, '../../.reports');

/**
 * Runs the command of a gate, which Nx names in the environment, and writes the gate's report and log. Both
 * are removed first, so that a gate which dies leaves no report.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {(passed: boolean) => Counts} count
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export async function runGate(command, args, count, options = {}) {
  const { NX_TASK_TARGET_PROJECT: project = 'none', NX_TASK_TARGET_TARGET: target = 'none' } = process.env;
  const name = join(reports, `${project}.${target}`);
  for (const suffix of ['json', 'log']) rmSync(`${name}.${suffix}`, { force: true });
  mkdirSync(reports, { recursive: true });

  const started = performance.now();
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const log = createWriteStream(`${name}.log`);
  for (const stream of [child.stdout, child.stderr]) {
    stream.pipe(log, { end: false });
    stream.pipe(process.stdout);
  }
  // A child that is ended by the signal in the options says why, and then closes like any other.
  child.on('error', ({ cause }) => log.write(`\n${String(cause)}\n`));
  const code = await new Promise((resolve) => child.on('close', resolve));
  log.end();
  await once(log, 'close');

  const counts = count(code === 0);
  const report = { finished: Date.now(), milliseconds: Math.round(performance.now() - started), ...counts };
  writeFileSync(`${name}.tmp`, JSON.stringify(report));
  renameSync(`${name}.tmp`, `${name}.json`);
  process.exitCode = counts.failed > 0 ? 1 : 0;
}

/**
 * @param {string} project
 * @param {string} target
 * @returns {Report | undefined} nothing while the gate has not ended
 */
export function readReport(project, target) {
  try {
    return JSON.parse(readFileSync(join(reports, `${project}.${target}.json`), 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * @param {string} project
 * @param {string} target
 */
export function readLog(project, target) {
  try {
    return readFileSync(join(reports, `${project}.${target}.log`), 'utf8');
  } catch {
    return '';
  }
}
