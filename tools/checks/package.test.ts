import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

let folder: string;

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

/** Runs a check in the package: whether it passes, and its complaints. */
function check(name: string): { passed: boolean; said: string } {
  const { status, stdout } = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.mjs`)], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { passed: status === 0, said: stdout };
}

function manifest(content: object): void {
  write(
    'package.json',
    JSON.stringify({ name: '@flamingock/core', version: '1.0.0', files: ['dist'], ...content }),
  );
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flamingock-package-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('declarations import what is there wherever the package is, and nothing else', () => {
  manifest({
    dependencies: { depended: '1' },
    peerDependencies: { '@scope/required': '1', optional: '1' },
    peerDependenciesMeta: { optional: { optional: true } },
    devDependencies: { developed: '1' },
  });
  write(
    'dist/index.d.mts',
    `import { A } from 'depended/door';
    export * from '@scope/required/door';
    export { B } from '@flamingock/core/spi';
    export { C } from './chunk.mjs';`,
  );
  expect(check('declarations')).toEqual({ passed: true, said: '1 declarations of @flamingock/core\n' });

  write(
    'dist/spi/index.d.cts',
    `/// <reference types="referenced" />
    import type { Readable } from 'node:stream';
    export declare function f(given: import('optional').A): typeof import('developed/door');
    import required = require('@scope/other/door');`,
  );
  const { passed, said } = check('declarations');

  expect(passed).toBe(false);
  expect(
    [...said.matchAll(/^(\S+) imports (\S+),/gm)].map(([, file, name]) => `${file} ${name}`).sort(),
  ).toEqual([
    'dist/spi/index.d.cts @scope/other',
    'dist/spi/index.d.cts @types/node',
    'dist/spi/index.d.cts developed',
    'dist/spi/index.d.cts optional',
    'dist/spi/index.d.cts referenced',
  ]);
});

test('a package without declarations does not pass', () => {
  manifest({});
  write('dist/index.mjs', '');

  expect(check('declarations').passed).toBe(false);
});

test.each(['index.mjs', 'index.cjs', 'index.mjs.map'])('the core is held to its size: %s', (large) => {
  manifest({});
  write('dist/index.mjs', 'export {};');
  write('dist/index.cjs', 'exports.a = 1;');
  expect(check('package-size').passed).toBe(true);

  write(`dist/${large}`, randomBytes(800_000).toString('hex'));
  const { passed, said } = check('package-size');

  expect(passed).toBe(false);
  expect(said).toContain('over its budget');
});

test('a core that is not built has no size to be held to', () => {
  manifest({});
  write('dist/index.mjs', 'export {};');

  expect(check('package-size').passed).toBe(false);
});

test('a package without a budget is not held', () => {
  manifest({ name: '@flamingock/other' });

  expect(check('package-size')).toEqual({ passed: true, said: '@flamingock/other has no budget\n' });
});
