import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');
let workspace: string;

function write(file: string, text: string): void {
  mkdirSync(dirname(join(workspace, file)), { recursive: true });
  writeFileSync(join(workspace, file), text);
}

/** Runs a check in the workspace: whether it passes, and its complaints. */
function check(name: string): { passed: boolean; said: string } {
  const { status, stdout } = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.mjs`)], {
    cwd: workspace,
    encoding: 'utf8',
    // As in a shell: Nx asks for colours, which would stand in the middle of the words.
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
  });
  return { passed: status === 0, said: stdout };
}

beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'flamingock-checks-'));
  execFileSync('git', ['init', '--quiet'], { cwd: workspace });
  for (const folder of ['packages', 'apps']) mkdirSync(join(workspace, folder));
});

afterEach(() => rmSync(workspace, { recursive: true }));

const codes = (entries: string) => `export const ERROR_CODES = { ${entries} } as const;\n`;
const table = (...rows: string[]) => `| code | meaning |\n| --- | --- |\n${rows.join('\n')}\n`;

test('the error table has exactly the codes of the core, with their meanings', () => {
  write('packages/core/src/errors.ts', codes("FLG_A: 'It is a.', FLG_B: 'It is b.', FLG_C: 'It is c.'"));
  write(
    'docs/errors.md',
    table('| `FLG_A` | It is a. |', '| `FLG_B` | It is another. |', '| `FLG_D` | It is d. |'),
  );

  const { passed, said } = check('error-table');

  expect(passed).toBe(false);
  expect(said.match(/FLG_\w+/g)).toEqual(['FLG_C', 'FLG_D', 'FLG_B']);

  write(
    'docs/errors.md',
    table('| `FLG_A` | It is a. |', '| `FLG_B` | It is b. |', '| `FLG_C` | It is c. |'),
  );
  expect(check('error-table').passed).toBe(true);
});

test('relative links lead to files that are there', () => {
  write(
    'README.md',
    '[here](docs/a.md#part) [gone](docs/gone.md) [web](https://example.org/x) [part](#part)',
  );
  write('docs/a.md', '[up](../README.md) [lost](b.md)');

  expect(check('links')).toEqual({
    passed: false,
    said: 'README.md: docs/gone.md is not there\ndocs/a.md: b.md is not there\n',
  });
});

test('examples are type-checked with their setup, and complaints point into the README', () => {
  cpSync(join(root, 'tsconfig.base.json'), join(workspace, 'tsconfig.base.json'));
  symlinkSync(join(root, 'node_modules'), join(workspace, 'node_modules'));
  write('package.json', JSON.stringify({ type: 'module' }));
  const example = [
    '<!-- example',
    'declare const known: number;',
    '-->',
    '',
    '```ts',
    'known.toFixed();',
    '```',
  ];
  write('README.md', ['# Title', '', ...example, ''].join('\n'));
  write('packages/a/README.md', ['```ts', "const wrong: number = 'text';", '```', ''].join('\n'));

  const { passed, said } = check('examples');

  expect(passed).toBe(false);
  expect(said.match(/error TS/g)).toHaveLength(1);
  expect(said).toContain('packages/a/README.md.3.ts(2,7)');
});

test('source files are short and named for their role', () => {
  write('packages/a/src/good-name.test.ts', '\n'.repeat(400));
  write('apps/a/src/_0001__AddColumn.ts', '');
  write('packages/a/src/long.ts', '\n'.repeat(401));
  write('packages/a/src/camelCase.ts', '');
  write('tools/helpers.mjs', '');

  const { passed, said } = check('files');

  expect(passed).toBe(false);
  expect(
    said
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0]),
  ).toEqual(['packages/a/src/camelCase.ts', 'packages/a/src/long.ts', 'tools/helpers.mjs']);
});
