import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flamingock-frameworks-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('a result that is not a pass does not pass the check', () => {
  const file = join(folder, 'frameworks.md');
  const written = readFileSync(join(import.meta.dirname, '../../docs/frameworks.md'), 'utf8');
  writeFileSync(file, written.replace('| passed', '| **failed**'));

  const { status, stdout } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'main.mjs'), '--file', file],
    {
      encoding: 'utf8',
    },
  );
  expect(status).toBe(1);
  expect(stdout).toContain('node tools/frameworks/main.mjs --write');
}, 60_000);
