import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from './describe-with.mjs';
import { SERVER_MISSING, findProgram, install, versionsIn, type Service } from './installation.mjs';

let folder: string;
let service: Service;

/** A program that says what it does, with its first argument, in a file. */
function program(name: string, script: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\ncd ${folder}\n${script}`);
  chmodSync(file, 0o755);
  return file;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flamingock-installation-'));
  service = {
    name: 'Stone tablets',
    packages: ['tablets', 'chisel'],
    variable: 'TABLETS_URL',
    find: () => findProgram('tabletd', [folder]),
  };
});
afterEach(() => rmSync(folder, { recursive: true }));

test('what is installed is found, the highest version first', () => {
  for (const version of ['9', '15', '16']) mkdirSync(join(folder, version));
  const versions = ['16', '15', '9'].map((version) => join(folder, version));
  expect(versionsIn(folder)).toEqual(versions);
  expect(versionsIn(join(folder, 'none'))).toEqual([]);

  writeFileSync(join(folder, '16/tabletd'), 'not a program');
  program('15/tabletd', '');
  expect(findProgram('tabletd', versions)).toBe(join(folder, '15/tabletd'));
  expect(findProgram('no-such-program', versions)).toBeUndefined();
});

test('what is installed needs neither root nor apt-get', async () => {
  const file = program('tabletd', '');
  await expect(install(service, { root: false, aptGet: undefined })).resolves.toBe(file);
});

test.each([
  [{ root: false, aptGet: '/usr/bin/apt-get' }, 'only root can install it'],
  [{ root: true, aptGet: undefined }, 'there is no apt-get here to install it'],
])('%j: the message says what to do', async (machine, why) => {
  await expect(install(service, machine)).rejects.toMatchObject({
    code: SERVER_MISSING,
    message:
      `Stone tablets is not installed, and ${why}. Install it (on Debian, as root: ` +
      'apt-get install --no-install-recommends tablets chisel), ' +
      'or name one in TABLETS_URL.',
  });
});

test('what no package brings is made, or the message says why not', async () => {
  jest.spyOn(console, 'error').mockReturnValue();
  const made = { ...service, packages: [], make: async () => program('tabletd', '') };
  await expect(install(made, { root: false, aptGet: undefined })).resolves.toBe(join(folder, 'tabletd'));
  const none = { ...made, find: () => undefined, make: () => Promise.reject(new Error('no clay')) };
  await expect(install(none, { root: true, aptGet: '/usr/bin/apt-get' })).rejects.toMatchObject({
    code: SERVER_MISSING,
    message: expect.stringMatching(/no clay\n\. Install it, or name one in TABLETS_URL\.$/),
  });
});

const describeForRoot = await describeWith(async () => {
  if (process.getuid?.() === 0 && findProgram('flock') !== undefined) return;
  const message = 'installing with apt-get is tried by root alone, with flock (of util-linux) on the PATH.';
  throw Object.assign(new Error(message), { code: SERVER_MISSING });
});

describeForRoot('apt-get, as root', () => {
  const policy = '/usr/sbin/policy-rc.d';
  const did = () => readFileSync(join(folder, 'did'), 'utf8').trimEnd().split('\n');
  const hadPolicy = existsSync(policy);
  beforeEach(() => void jest.spyOn(console, 'error').mockReturnValue());

  test('installs the packages, while no service is started', async () => {
    const aptGet = program(
      'apt-get',
      `echo "$@" >did; ${policy}; echo $? >>did; touch tabletd; chmod +x tabletd`,
    );
    await expect(install(service, { root: true, aptGet })).resolves.toBe(join(folder, 'tabletd'));
    expect(did()).toEqual([
      expect.stringMatching(/ install --yes --no-install-recommends tablets chisel$/),
      '101',
    ]);
    expect(existsSync(policy)).toBe(hadPolicy);
  });

  test('renews the lists of packages where it has to', async () => {
    const aptGet = program(
      'apt-get',
      'case "$*" in *update) touch lists;; *) [ -e lists ] && touch tabletd && chmod +x tabletd;; esac',
    );
    await expect(install(service, { root: true, aptGet })).resolves.toBe(join(folder, 'tabletd'));
  });

  test('that fails is quoted', async () => {
    const aptGet = program('apt-get', 'echo "E: no network" >&2; exit 100');
    await expect(install(service, { root: true, aptGet })).rejects.toMatchObject({
      code: SERVER_MISSING,
      message: expect.stringContaining('E: no network'),
    });
    expect(existsSync(policy)).toBe(hadPolicy);
  });

  test('that succeeds without bringing the program is told', async () => {
    const aptGet = program('apt-get', 'exit 0');
    await expect(install(service, { root: true, aptGet })).rejects.toThrow('its package did not bring it');
  });

  test('runs once at a time', async () => {
    const aptGet = program(
      'apt-get',
      'mkdir busy || exit 1; sleep 0.2; rmdir busy; touch tabletd; chmod +x tabletd',
    );
    const both = [1, 2].map(() => install(service, { root: true, aptGet }));
    await expect(Promise.all(both)).resolves.toHaveLength(2);
  });
});
