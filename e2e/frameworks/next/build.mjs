import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');
const PACKAGES = ['core', 'sql', 'next'];

/**
 * Next.js by major: where its application is built, which decides what `next` means there, and the name of its gate. Below
 * `node_modules` Next.js would compile nothing.
 */
const MAJORS = {
  15: { directory: join(root, 'e2e/.data/next-15'), gate: 'middleware.js' },
  16: { directory: join(root, '.data/next-16'), gate: 'proxy.js' },
};

/**
 * The application of a major: where it is built, and what starts it.
 *
 * @param {keyof typeof MAJORS} major
 */
export function nextApplication(major) {
  const { directory } = MAJORS[major];
  const cli = createRequire(join(directory, 'package.json')).resolve('next/dist/bin/next');
  return { directory, cli, start: [cli, 'start', directory, '-H', '127.0.0.1'] };
}

/**
 * Builds the application as a user does, with the built packages as npm would install them: a package that is linked from
 * elsewhere, Next.js treats as code of the application. What was built of the same files before stays.
 *
 * @param {keyof typeof MAJORS} major
 */
export async function buildNext(major) {
  const { directory, gate } = MAJORS[major];
  const { cli } = nextApplication(major);
  const sources = [
    { from: join(import.meta.dirname, 'application'), to: '' },
    { from: join(import.meta.dirname, 'gate', gate), to: gate },
    ...PACKAGES.flatMap((name) =>
      ['dist', 'package.json'].map((part) => ({
        from: join(root, 'packages', name, part),
        to: join('node_modules/@flamingock', name, part),
      })),
    ),
  ];
  const key = await hash([cli, ...sources.map(({ from }) => from)]);
  const stamp = join(directory, '.next/built');
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === key) return;
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  for (const { from, to } of sources) await cp(from, join(directory, to), { recursive: true });
  await writeFile(join(directory, 'package.json'), '{ "private": true, "type": "module" }');
  await run(process.execPath, [cli, 'build', directory], {
    env: { PATH: process.env['PATH'], NEXT_TELEMETRY_DISABLED: '1', NEXT_IGNORE_INCORRECT_LOCKFILE: '1' },
  });
  await writeFile(stamp, key);
}

/** @param {readonly string[]} paths files and folders */
async function hash(paths) {
  const sum = createHash('sha256');
  for (const path of paths)
    for (const file of await filesOf(path)) sum.update(file).update(await readFile(file));
  return sum.digest('hex');
}

/** @param {string} path */
async function filesOf(path) {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [path];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
