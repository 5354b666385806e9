import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './child.mjs';

/**
 * Installs what is missing, so that a fresh clone needs no other command. The stamp says what was installed
 * for which Node: the ABI, because better-sqlite3 is compiled for one, and the lock file.
 */
const root = join(import.meta.dirname, '../..');
const stamp = join(root, 'node_modules/.flamingock/installed.json');
const abi = process.versions.modules;
const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');

/** @returns {{ abi?: string, lock?: string }} nothing on a fresh clone */
function installed() {
  try {
    return JSON.parse(readFileSync(stamp, 'utf8'));
  } catch {
    return {};
  }
}

const before = installed();
/** @type {string[][]} */
const steps = [];
// `ci` refuses a lock file that was written where optional builds for this platform were not to be had.
if (before.lock !== lock) steps.push(['install', '--no-save', '--include=dev']);
if (before.abi !== undefined && before.abi !== abi) steps.push(['rebuild']);

if (steps.length > 0) {
  console.log(
    'Installing dependencies. Where better-sqlite3 has to be compiled, this takes a minute or two.',
  );
  for (const step of steps) {
    const code = await run(
      'npm',
      [...step, '--loglevel=error'],
      { cwd: root },
      'Stopping. npm first takes back what it has begun, which may last a minute; a second signal ends it at once.',
    );
    if (code !== 0) process.exit(code);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, JSON.stringify({ abi, lock }));
}
