import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

let root: string;

/** Runs the installation with an `npm` that does nothing but write down how it was called: the calls. */
function install(environment: Record<string, string> = {}): { calls: string[]; code: number | null } {
  const log = join(root, 'log');
  rmSync(log, { force: true });
  const { status } = spawnSync(process.execPath, [join(root, 'tools/start/install.mjs')], {
    env: { PATH: [join(root, 'bin'), process.env['PATH']].join(delimiter), LOG: log, ...environment },
  });
  const calls = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
  return { calls, code: status };
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'flamingock-install-'));
  cpSync(import.meta.dirname, join(root, 'tools/start'), { recursive: true });
  writeFileSync(join(root, 'package-lock.json'), 'one');
  mkdirSync(join(root, 'bin'));
  writeFileSync(join(root, 'bin/npm'), '#!/bin/sh\necho "$1" >> "$LOG"\nexit ${NPM_CODE:-0}\n');
  chmodSync(join(root, 'bin/npm'), 0o755);
});

afterEach(() => rmSync(root, { recursive: true }));

test('a fresh clone is installed once', () => {
  expect(install().calls).toEqual(['install']);
  expect(install().calls).toEqual([]);
});

test('another lock file is installed', () => {
  install();
  writeFileSync(join(root, 'package-lock.json'), 'two');

  expect(install().calls).toEqual(['install']);
});

test('another Node has the compiled modules rebuilt, whether or not the lock file changed', () => {
  const stamp = join(root, 'node_modules/.flamingock/installed.json');
  install();
  writeFileSync(stamp, JSON.stringify({ abi: '1', lock: 'one' }));
  expect(install().calls).toEqual(['rebuild']);

  writeFileSync(stamp, JSON.stringify({ abi: '1', lock: 'zero' }));
  expect(install().calls).toEqual(['install', 'rebuild']);
});

test('an installation that fails ends with its exit code, and is tried again', () => {
  expect(install({ NPM_CODE: '9' })).toEqual({ calls: ['install'], code: 9 });
  expect(install()).toEqual({ calls: ['install'], code: 0 });
});

test('a signal reaches npm, is answered at once, and is the exit code', async () => {
  const slow = "trap 'echo undone; exit 1' INT; echo begun; for i in $(seq 50); do sleep 0.1; done";
  writeFileSync(join(root, 'bin/npm'), `#!/bin/sh\n${slow}\n`);
  const child = spawn(process.execPath, [join(root, 'tools/start/install.mjs')], {
    env: { PATH: [join(root, 'bin'), process.env['PATH']].join(delimiter) },
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += String(chunk);
    if (said.endsWith('begun\n')) child.kill('SIGINT');
  });
  await once(child, 'close');

  expect(said).toMatch(/begun\n\nStopping\. .*a second signal ends it at once\.\nundone\n$/);
  expect(child.exitCode).toBe(130);
  expect(existsSync(join(root, 'node_modules/.flamingock'))).toBe(false);
});
