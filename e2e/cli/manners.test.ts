import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { CommandLine } from './command-line.js';
import { problemsOf } from './schemas.js';

const LONG = 30_000;

test(
  '--help shows every command, and loads neither the engine nor a driver',
  async () => {
    const hook = pathToFileURL(join(import.meta.dirname, 'loaded-modules.mjs')).href;
    const commandLine = new CommandLine({ NODE_OPTIONS: `--import ${hook}` });
    const { code, stdout, stderr } = await commandLine.run('--help');
    expect(code).toBe(0);
    for (const command of [
      'init',
      'new',
      'doctor',
      'plan',
      'apply',
      'status',
      'audit',
      'issue',
      'undo',
      'verify',
      'lock',
      'target',
    ])
      expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    expect(stderr).toContain('packages/cli/dist/main.mjs');
    expect(stderr).not.toMatch(
      /packages\/(?:core|sql)\/|node_modules\/(?:pg|better-sqlite3|jiti|ora|@inquirer)\//,
    );
  },
  LONG,
);

test(
  'the --help of every command has an example, and loads neither the engine nor a driver',
  async () => {
    const hook = pathToFileURL(join(import.meta.dirname, 'loaded-modules.mjs')).href;
    const commandLine = new CommandLine({ NODE_OPTIONS: `--import ${hook}` });
    const { stdout: root } = await commandLine.run('--help');
    const [, list = ''] = root.split('Commands:');
    const commands = [...list.matchAll(/^ {2}(\w+)\b/gm)].map(([, name = '']) => name);
    expect(commands).toContain('apply');
    for (const command of commands.filter((name) => name !== 'help' && !/^\d/.test(name))) {
      const { code, stdout, stderr } = await commandLine.run(command, '--help');
      expect([command, code]).toEqual([command, 0]);
      expect([command, stdout]).toEqual([command, expect.stringMatching(/flamingock \w+|Commands:/)]);
      expect(stderr).not.toMatch(
        /packages\/(?:core|sql)\/|node_modules\/(?:pg|better-sqlite3|jiti|ora|@inquirer)\//,
      );
    }
  },
  LONG,
);

test(
  'what is mistyped is refused with what was probably meant',
  async () => {
    const commandLine = new CommandLine({ AUDIT_URL: ':memory:' });
    expect(await commandLine.run('statu')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('Did you mean status?'),
    });
    expect(await commandLine.run('status', '-e', 'stagin')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Did you mean 'staging'?"),
    });
    const { code, stdout } = await commandLine.run('statu', '--json');
    expect(code).toBe(2);
    expect(problemsOf('error', JSON.parse(stdout))).toBeUndefined();
  },
  LONG,
);

test(
  'no password reaches the terminal where a store cannot be reached',
  async () => {
    const address = 'postgres://orders:s3cretpass@127.0.0.1:1/x';
    const commandLine = new CommandLine({ AUDIT_URL: address, ORDERS_URL: address });
    for (const parameters of [
      ['status'],
      ['status', '--json'],
      ['lock', 'show', '--verbose'],
      ['plan', '--verbose', '--json'],
    ]) {
      const { code, stdout, stderr } = await commandLine.run(...parameters);
      expect(code).toBe(2);
      expect(stdout + stderr).toContain('FLG_STORE_UNREACHABLE');
      expect(stdout + stderr).not.toContain('s3cret');
      expect(/\n {4}at /.test(stderr)).toBe(parameters.includes('--verbose'));
    }
  },
  LONG,
);
