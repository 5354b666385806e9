import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
let workspace: string;

function write(file: string, content: unknown): void {
  writeFileSync(join(workspace, file), typeof content === 'string' ? content : JSON.stringify(content));
}

function run(): { code: number | null; said: string; sum: string | undefined } {
  const { status, stdout } = spawnSync(process.execPath, ['tools/gates/run.mjs'], {
    cwd: workspace,
    encoding: 'utf8',
    // As in a shell: this test may itself run under Nx and Jest.
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NX_DAEMON: 'false' },
  });
  return { code: status, said: stdout, sum: stdout.trim().split('\n').at(-1) };
}

/** Sets the gates of the workspace, all of them cached. */
function gates(targets: Record<string, { command: string; dependsOn?: string[] }>): void {
  write('project.json', {
    name: 'workspace',
    targets: Object.fromEntries(
      Object.entries(targets).map(([name, target]) => [
        name,
        { ...target, cache: true, outputs: [`{workspaceRoot}/.reports/workspace.${name}.json`] },
      ]),
    ),
  });
}

beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'flamingock-gates-'));
  for (const folder of ['packages', 'apps', 'tests']) mkdirSync(join(workspace, folder));
  cpSync(import.meta.dirname, join(workspace, 'tools/gates'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(workspace, 'node_modules'));
  write('package.json', { name: 'gates', type: 'module', private: true, nx: { includedScripts: [] } });
  write('nx.json', { neverConnectToCloud: true, analytics: false, useDaemonProcess: false });
  write('.gitignore', 'node_modules\n.nx\n.reports\n');
  write('jest.config.mjs', "export default { testMatch: ['<rootDir>/tests/*.test.mjs'], transform: {} };");
});

afterAll(() => rmSync(workspace, { recursive: true }));

test('counts gates and tests, in a cached run too', () => {
  write('tests/some.test.mjs', "test('a', () => {}); test('b', () => {}); test.skip('c', () => {});");
  gates({
    lint: { command: 'node tools/gates/gate.mjs true' },
    test: { command: 'node tools/gates/tests.mjs tests' },
  });

  const first = run();
  const second = run();

  expect([first.sum, first.code]).toEqual(['3 passed, 0 failed, 1 skipped', 0]);
  expect([second.sum, second.code]).toEqual(['3 passed, 0 failed, 1 skipped', 0]);
  expect(first.said).not.toContain('cached');
  expect(second.said.match(/cached/g)).toHaveLength(2);
});

test('a test that leaves something open fails', () => {
  write('tests/some.test.mjs', "test('a', () => { setInterval(() => {}, 1000); });");
  gates({ test: { command: 'node tools/gates/tests.mjs tests' } });

  const { code, said, sum } = run();

  expect([sum, code]).toEqual(['1 passed, 1 failed, 0 skipped', 1]);
  expect(said).toContain('a test has left something open');
});

test('says why tests were skipped, in a cached run too', () => {
  write(
    'tests/some.test.mjs',
    `import { describeWith } from ${JSON.stringify(join(root, 'tools/services/describe-with.mjs'))};
     const missing = { name: 'Stone tablets', packages: [], find: () => process.env.NONE };
     process.env.PATH = '';
     (await describeWith(missing))('with tablets', () => test('a', () => {}));`,
  );
  gates({ test: { command: 'node tools/gates/tests.mjs tests' } });

  for (const { code, said, sum } of [run(), run()]) {
    expect([sum, code]).toEqual(['0 passed, 0 failed, 1 skipped', 0]);
    expect(said).toMatch(/^! skipped: Stone tablets is not installed/m);
  }
});

test('counts as failed what fails, dies, cannot start or never ran', () => {
  write('tests/some.test.mjs', "test('a', () => {});");
  write('tests/fails.test.mjs', "test('d', () => { throw new Error('wrong'); });");
  write('tests/throws.test.mjs', "throw new Error('no suite');");
  gates({
    lint: { command: "node tools/gates/gate.mjs 'echo not tidy; false'" },
    dies: { command: 'node -e "process.kill(process.pid, 9)"' },
    after: { command: 'node tools/gates/gate.mjs true', dependsOn: ['lint'] },
    test: { command: 'node tools/gates/tests.mjs tests' },
    none: { command: 'node tools/gates/tests.mjs nowhere' },
  });

  const { code, said, sum } = run();

  // Failed: lint, dies, after, one test, one suite, and the tests that are nowhere.
  expect([sum, code]).toEqual(['1 passed, 6 failed, 0 skipped', 1]);
  expect(said).toContain('not tidy');
  expect(said).toMatch(/✖ dies +did not run/);
  expect(said).toMatch(/✖ after +did not run/);
});
