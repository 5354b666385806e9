import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';

/** Signals that ask a process to end; they are passed on to what it started. */
export const endings = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Starts a process in a group of its own: the terminal's Ctrl-C then reaches this process alone, which
 * passes it on once and in order.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export const start = (command, args, options) =>
  spawn(command, args, { stdio: 'inherit', ...options, detached: true });

/**
 * The exit code of a process, in the shell's way: 128 plus the number of the signal that ended it.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>}
 */
export async function ended(child) {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode ?? 128 + constants.signals[child.signalCode ?? 'SIGKILL'];
}

/**
 * Runs a process to its end and passes on signals meanwhile. Resolves with its exit code; where it answers a
 * signal with a failure of its own, with the code that stands for the signal.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @param {string} stopping what to say at the first signal
 */
export async function run(command, args, options, stopping) {
  /** @type {NodeJS.Signals | undefined} */
  let ending;
  /** @param {NodeJS.Signals} signal */
  const pass = (signal) => {
    if (ending === undefined) console.log(`\n${stopping}`);
    ending = signal;
    child.kill(signal);
  };
  // Before the process is there: a signal in between would end this one alone.
  for (const signal of endings) process.on(signal, pass);
  const child = start(command, args, options);
  const code = await ended(child);
  for (const signal of endings) process.off(signal, pass);
  return code !== 0 && ending !== undefined ? 128 + constants.signals[ending] : code;
}
