import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flamingock-capabilities-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function main(...args: string[]): { status: number | null; stdout: string } {
  return spawnSync(process.execPath, [join(import.meta.dirname, 'main.mjs'), ...args], { encoding: 'utf8' });
}

test('what was edited by hand does not pass the check', () => {
  const file = join(folder, 'capabilities.md');
  expect(main('--write', file).status).toBe(0);
  writeFileSync(file, readFileSync(file, 'utf8').replace('| yes', '| no '));

  const { status, stdout } = main(file);
  expect(status).toBe(1);
  expect(stdout).toContain('node tools/capabilities/main.mjs --write');
}, 60_000);
