import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** What the gates' cache depends on, in this environment. */
const installed = (environment: Record<string, string> = {}): string =>
  execFileSync(process.execPath, [join(import.meta.dirname, 'installed.mjs')], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...environment },
  });

test('says the same as long as nothing changes', () => {
  expect(installed()).toBe(installed());
});

test('a named server is told from another one, without its password', () => {
  const [one, two] = ['secret-1', 'secret-2'].map((password) =>
    installed({ FLAMINGOCK_TEST_POSTGRES_URL: `postgres://somebody:${password}@127.0.0.1/postgres` }),
  );
  expect(new Set([one, two, installed()]).size).toBe(3);
  expect(`${String(one)}${String(two)}`).not.toContain('secret');
});

test('CI is told from a person', () => {
  expect(installed({ CI: 'true' })).not.toBe(installed());
});
