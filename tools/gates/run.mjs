import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { gates } from './projects.mjs';
import { readLog, readReport, reports } from './report.mjs';

/**
 * `npm test`: runs every gate through Nx, says how each one ended as it ends, with the output of what
 * failed, and closes with the sum of gates and tests. What a gate left behind decides, not what Nx prints:
 * a gate without a report died or was never started, and counts as failed.
 */
const started = Date.now();
const open = new Set(gates());
const total = { passed: 0, failed: 0, skipped: 0 };

/** @param {import('./projects.mjs').Gate} gate */
const nameOf = ({ project, target }) => (project === 'workspace' ? target : `${project} ${target}`);

/** @param {import('./report.mjs').Report} report */
function describe({ finished, milliseconds, passed, failed, skipped }) {
  const time = finished < started ? 'cached' : `${(milliseconds / 1000).toFixed(1)} s`;
  const tests = passed + failed + skipped;
  return `${time.padStart(8)}${tests > 1 ? `   ${tests} tests` : ''}`;
}

/** Prints the gates that have ended since the last look. */
function look() {
  for (const gate of open) {
    const report = readReport(gate.project, gate.target);
    if (report === undefined) continue;
    open.delete(gate);
    total.passed += report.passed;
    total.failed += report.failed;
    total.skipped += report.skipped;
    console.log(`${report.failed > 0 ? '✖' : '✔'} ${nameOf(gate).padEnd(24)} ${describe(report)}`);
    for (const reason of report.reasons ?? []) console.log(`! skipped: ${reason}`);
    if (report.failed > 0) console.log(readLog(gate.project, gate.target));
  }
}

rmSync(reports, { recursive: true, force: true });
const targets = [...new Set([...open].map(({ target }) => target))];
const nx = spawn(
  process.execPath,
  ['node_modules/nx/dist/bin/nx.js', 'run-many', '--outputStyle=static', '-t', ...targets],
  {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? '1' : '0' },
  },
);
let said = '';
for (const stream of [nx.stdout, nx.stderr]) stream.on('data', (chunk) => (said += chunk));
// Ctrl-C reaches Nx by itself, as one of the terminal's foreground processes.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => nx.kill('SIGTERM'));

const watch = setInterval(look, 200);
const [code] = await once(nx, 'close');
clearInterval(watch);
look();

for (const gate of open) console.log(`✖ ${nameOf(gate).padEnd(24)}  did not run`);
// What Nx itself has to say matters only where the gates do not explain the failure.
if (open.size > 0 || (code !== 0 && total.failed === 0)) console.log(said);
total.failed += open.size;
if (code !== 0 && total.failed === 0) total.failed = 1;

console.log(`\nin ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 ? 1 : 0;
