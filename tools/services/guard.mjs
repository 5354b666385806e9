import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, closeSync, mkdtempSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * `node guard.mjs <name> [<uid> <gid>]`: runs a server in a temporary folder for the process at the other end of
 * its IPC channel. That channel closes when the other side says so and also when it dies, in whatever way; then
 * the server is ended and the folder removed. So no test leaves anything behind, not even one that is killed.
 *
 * @typedef {{ readonly command: string, readonly args: readonly string[], readonly endSignal: NodeJS.Signals }} Program
 * @typedef {{ readonly run: Program } | { readonly signal: NodeJS.Signals }} Order
 * @typedef {{ readonly folder: string } | { readonly ended: string }} Report `ended` says how: `code 0`
 */

/** How long a server may take to end, in milliseconds, before it is killed. */
const PATIENCE = 5_000;

const [name = 'server', ...ids] = process.argv.slice(2);
const [uid, gid] = ids.map(Number);
const owner = uid === undefined || gid === undefined ? {} : { uid, gid };

const folder = mkdtempSync(join(tmpdir(), `flamingock-${name}-`));
if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);

let child = /** @type {import('node:child_process').ChildProcess | undefined} */ (undefined);
let endSignal = /** @type {NodeJS.Signals} */ ('SIGTERM');

/** @param {Report} report */
function tell(report) {
  // The other side may be gone; then there is nobody to tell.
  if (process.connected) process.send?.(report, undefined, undefined, () => {});
}

/** @param {Program} program */
function run(program) {
  const log = openSync(join(folder, 'log'), 'a');
  endSignal = program.endSignal;
  child = spawn(program.command, program.args, {
    ...owner,
    cwd: folder,
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.on('error', ({ message }) => ended(message));
  child.on('exit', (code, signal) => ended(signal === null ? `code ${String(code)}` : signal));
}

/** @param {string} how */
function ended(how) {
  child = undefined;
  tell({ ended: how });
}

async function end() {
  if (child !== undefined) {
    const exit = once(child, 'exit');
    child.kill(endSignal);
    setTimeout(() => child?.kill('SIGKILL'), PATIENCE).unref();
    await exit;
  }
  // What the server had started may be about to end, and still write.
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  process.exit();
}

process.on('message', (/** @type {Order} */ order) => {
  if ('run' in order) run(order.run);
  else child?.kill(order.signal);
});
process.once('disconnect', () => void end());
// Nobody sends these in the normal course of things: the guard is in a session of its own.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => process.disconnect());
tell({ folder });
