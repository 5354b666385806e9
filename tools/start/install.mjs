import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './child.mjs';

/**
 * Installs what is missing, so that a fresh clone needs no other command. The stamp holds what the installed
 * modules were made for: the lock file, and Node's ABI, because better-sqlite3 is compiled for one.
 */
const root = join(import.meta.dirname, '../..');
const stampFile = join(root, 'node_modules/.flamingock/installed');
const abi = `${process.versions.modules}\n`;
const wanted = abi + readFileSync(join(root, 'package-lock.json'), 'utf8');

function stamp() {
  try {
    return readFileSync(stampFile, 'utf8');
  } catch {
    return '';
  }
}

/** @param {string} installed */
function npmArguments(installed) {
  const otherNode =
    installed !== '' && installed.slice(installed.indexOf('\n') + 1) === wanted.slice(abi.length);
  // `ci` refuses a lock file that was written where optional builds for this platform were not to be had.
  return otherNode ? ['rebuild'] : ['install', '--no-save', '--include=dev'];
}

const installed = stamp();
if (installed !== wanted) {
  console.log(
    'Installing dependencies. Where better-sqlite3 has to be compiled, this takes a minute or two.',
  );
  const code = await run('npm', [...npmArguments(installed), '--loglevel=error'], { cwd: root });
  if (code !== 0) process.exit(code);
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, wanted);
}
