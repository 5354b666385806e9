import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { install, named } from './installation.mjs';

/** The release, of npm's packages that hold Node's own builds. */
const RELEASE = '24.21.0';
const PACKAGE = `node-${process.platform}-${process.arch}`;

/** Kept from one run to the next, outside of the checkout. */
const FOLDER = join(homedir(), '.cache/flamingock', `node-${RELEASE}`);
const PROGRAM = join(FOLDER, 'node_modules', PACKAGE, 'bin/node');

/** Makes the folder `$1` of the package `$2`, whole or not at all. */
const SCRIPT = `
[ -e "$1" ] && exit
rm -rf "$1.part" && mkdir "$1.part" && echo '{}' >"$1.part/package.json" &&
  npm install --prefix "$1.part" --ignore-scripts --no-audit --no-fund --loglevel=error "$2" && mv "$1.part" "$1"
`;

/**
 * A newer Node than the oldest that this repository works on, for what only that has: a program that a test runs.
 *
 * @type {import('./installation.mjs').Service}
 */
export const newerNode = {
  name: 'Node 24',
  packages: [],
  variable: 'FLAMINGOCK_TEST_NEWER_NODE',
  find: () => (existsSync(PROGRAM) ? PROGRAM : undefined),
  async make() {
    await mkdir(dirname(FOLDER), { recursive: true });
    const args = [`${FOLDER}.lock`, 'sh', '-c', SCRIPT, 'sh', FOLDER, `${PACKAGE}@${RELEASE}`];
    await promisify(execFile)('flock', args);
  },
};

/**
 * The path of the executable: the one that `FLAMINGOCK_TEST_NEWER_NODE` names, or one that is fetched where it is missing.
 *
 * @throws {Error} with the code `SERVER_MISSING`, see `install`
 */
export async function newerNodeExecutable() {
  return named(newerNode) ?? (await install(newerNode));
}
