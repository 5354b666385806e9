import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../start/child.mjs';

const folder = import.meta.dirname;
const stamp = join(folder, 'node_modules/.installed-lock.json');

/**
 * Installs the tools to compare with, on the first use and when their lock file has changed: nobody else needs them.
 *
 * @param {(line: string) => void} say
 */
export async function installPeers(say) {
  const lock = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  if (installed() === lock) return;
  say('Installing the tools to compare with …');
  const code = await run(
    'npm',
    ['install', '--no-save', '--loglevel=error'],
    // Standard output is for results.
    { cwd: folder, stdio: ['inherit', 2, 'inherit'] },
    'Stopping.',
  );
  if (code !== 0) process.exit(code);
  writeFileSync(stamp, lock);
}

/** The lock file that was installed; nothing before the first time. */
function installed() {
  try {
    return readFileSync(stamp, 'utf8');
  } catch {
    return undefined;
  }
}
