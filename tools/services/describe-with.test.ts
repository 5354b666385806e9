import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'flamingock-describe-with-'));
  writeFileSync(
    join(folder, 'tablets.test.mjs'),
    `import { describeWith } from ${JSON.stringify(join(import.meta.dirname, 'describe-with.mjs'))};
     const installed = { name: 'Node', packages: ['nodejs'], find: () => process.execPath };
     const missing = { name: 'Stone tablets', variable: 'TABLETS_URL', packages: [], find: () => undefined };
     (await describeWith(installed))('with Node', () => test('runs', () => {}));
     (await describeWith(installed, missing))('with tablets', () => test('runs', () => {}));`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the file above where there is no apt-get: the code of Jest, how many tests passed and skipped, and its words. */
function run(environment: Record<string, string>): {
  code: number | null;
  counts: (number | undefined)[];
  said: string;
} {
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const config = JSON.stringify({ rootDir: folder, transform: {}, testMatch: ['**/*.test.mjs'] });
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--experimental-vm-modules', jest, '--json', '--config', config],
    { cwd: folder, encoding: 'utf8', env: { PATH: folder, ...environment } },
  );
  const { numPassedTests, numPendingTests } = JSON.parse(stdout) as Record<string, number>;
  return { code: status, counts: [numPassedTests, numPendingTests], said: stderr };
}

test('tests whose server cannot be had are skipped, and say so', () => {
  const { code, counts, said } = run({});
  expect([code, counts]).toEqual([0, [1, 1]]);
  expect(said).toContain('Skipped: Stone tablets is not installed');
});

test('in CI they fail', () => {
  const { code, counts, said } = run({ CI: 'true' });
  expect([code, counts]).toEqual([1, [0, 0]]);
  expect(said).toContain('Stone tablets is not installed');
});

test('a server that is named need not be installed', () => {
  const { code, counts } = run({ CI: 'true', TABLETS_URL: 'tablets://running' });
  expect([code, counts]).toEqual([0, [2, 0]]);
});
