import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');
let workspace: string;

function write(file: string, text = 'export const value = 1;\n'): void {
  mkdirSync(dirname(join(workspace, file)), { recursive: true });
  writeFileSync(join(workspace, file), text);
}

/** A package with one door, or the core with its two, and libraries that it declares. */
function addPackage(name: string, libraries: Record<string, Record<string, string>> = {}): void {
  const exports = {
    '.': { '@flamingock/source': './src/index.ts' },
    './spi': { '@flamingock/source': './src/spi/index.ts' },
  };
  write(
    `packages/${name}/package.json`,
    JSON.stringify({ name: `@flamingock/${name}`, exports, ...libraries }),
  );
  write(`packages/${name}/src/index.ts`);
  symlinkSync(join(workspace, 'packages', name), join(workspace, 'node_modules/@flamingock', name));
}

/** The rules that the check says are broken, by the file that breaks them. */
function check(): Record<string, string[]> {
  const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [cruiser, 'packages', 'apps', 'e2e', '--config', '--output-type', 'json'];
  const { summary } = JSON.parse(
    execFileSync(process.execPath, args, { cwd: workspace, encoding: 'utf8' }),
  ) as {
    summary: { violations: { from: string; rule: { name: string } }[] };
  };
  const broken: Record<string, string[]> = {};
  for (const { from, rule } of summary.violations) (broken[from] ??= []).push(rule.name);
  return broken;
}

beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'flamingock-boundaries-'));
  for (const file of ['.dependency-cruiser.mjs', 'tsconfig.base.json', 'tsconfig.json']) {
    cpSync(join(root, file), join(workspace, file));
  }
  mkdirSync(join(workspace, 'node_modules/@flamingock'), { recursive: true });
  for (const library of ['driver', 'framework']) {
    write(`node_modules/${library}/package.json`, JSON.stringify({ name: library, main: 'index.js' }));
    write(`node_modules/${library}/index.js`);
  }
  addPackage('core');
  write('packages/core/src/spi/index.ts');
  write('packages/core/src/engine/run.ts');
  write('packages/core/src/memory/store.ts');
  addPackage('sql', { devDependencies: { driver: '1.0.0' } });
  write('packages/sql/src/dialect.ts');
  write('packages/sql/src/spi/index.ts');
  addPackage('typeorm');
  addPackage('nestjs', { peerDependencies: { framework: '1.0.0' } });
  write('apps/orders/package.json', JSON.stringify({ name: 'orders' }));
  write('apps/orders/src/main.ts');
});

afterAll(() => rmSync(workspace, { recursive: true }));

const seeds: [rule: string, file: string, text: string][] = [
  ['core-stands-alone', 'packages/core/src/driver.ts', "import 'driver';"],
  ['core-stands-alone', 'packages/core/src/type.ts', "export type { value } from 'framework';"],
  ['core-stands-alone', 'packages/core/src/dynamic.ts', "export const load = () => import('driver');"],
  ['core-tests-know-no-package', 'packages/core/src/package.test.ts', "import '@flamingock/sql';"],
  ['only-through-doors', 'packages/typeorm/src/inside.ts', "import '../../sql/src/dialect.js';"],
  ['only-through-doors', 'apps/orders/src/inside.ts', "import '../../../packages/core/src/engine/run.js';"],
  ['only-by-name', 'packages/typeorm/src/relative.ts', "import '../../sql/src/index.js';"],
  ['spi-is-for-adapters', 'packages/nestjs/src/spi.ts', "import '@flamingock/core/spi';"],
  ['spi-is-for-adapters', 'apps/orders/src/spi.ts', "import '@flamingock/core/spi';"],
  ['spi-is-for-adapters', 'packages/nestjs/src/other-spi.ts', "import '@flamingock/sql/spi';"],
  ['frameworks-know-no-store', 'packages/nestjs/src/store.ts', "import '@flamingock/sql';"],
  ['stores-know-no-other-store', 'packages/sql/src/other.ts', "import '@flamingock/typeorm';"],
  ['packages-need-what-they-declare', 'packages/sql/src/driver.ts', "import 'driver';"],
  ['model-before-engine', 'packages/core/src/plan/plan.ts', "import '../engine/run.js';"],
  ['memory-is-an-adapter', 'packages/core/src/engine/store.ts', "import '../memory/store.js';"],
  [
    'packages-know-no-application',
    'packages/nestjs/src/app.ts',
    "import '../../../apps/orders/src/main.js';",
  ],
  ['applications-stand-alone', 'apps/other/src/main.ts', "import '../../orders/src/main.js';"],
  ['servers-are-for-tests', 'packages/sql/src/server.ts', "import '../../../tools/services/postgres.mjs';"],
  ['servers-are-for-tests', 'apps/orders/src/server.ts', "import '../../../tools/services/postgres.mjs';"],
  ['a-third-party-has-two-doors', 'e2e/fixtures/third-party/engine.ts', "import '@flamingock/core';"],
  ['a-third-party-has-two-doors', 'e2e/fixtures/third-party/other.ts', "import '@flamingock/sql/spi';"],
  ['packages-know-no-application', 'packages/sql/src/gate.test.ts', "import '../../../tools/gates/run.mjs';"],
  ['no-test-in-production', 'packages/sql/src/test.ts', "import './store.test.js';"],
  ['no-cycle', 'packages/sql/src/cycle.ts', "import './cycle.js';"],
  ['resolvable', 'packages/sql/src/lost.ts', "import './nowhere.js';"],
];

describe('the import boundaries', () => {
  let allowed: Record<string, string[]>;
  let seeded: Record<string, string[]>;

  // One look at all seeds together: each look takes a second.
  beforeAll(() => {
    write('packages/core/src/index.ts', "import 'node:fs';\nexport * from './memory/store.js';\n");
    write('packages/core/src/engine/run.test.ts', "import 'driver';\nimport '../memory/store.js';\n");
    write('packages/sql/src/store.ts', "import '@flamingock/core/spi';\nimport '@flamingock/core';\n");
    write('tools/services/postgres.mjs');
    write('tools/gates/run.mjs');
    write(
      'packages/sql/src/store.test.ts',
      "import 'driver';\nimport '../../../tools/services/postgres.mjs';\n",
    );
    write('packages/typeorm/src/target.ts', "import '@flamingock/core/spi';\nimport '@flamingock/sql';\n");
    write('packages/nestjs/src/module.ts', "import '@flamingock/core';\nimport 'framework';\n");
    write('apps/orders/src/main.ts', "import '@flamingock/core';\nimport '@flamingock/nestjs';\n");
    write('e2e/fixtures/third-party/store.ts', "import '@flamingock/core/spi';\n");
    allowed = check();
    for (const [, file, text] of seeds) write(file, text);
    seeded = check();
  });

  test('let pass what is allowed', () => {
    expect(allowed).toEqual({});
  });

  test.each(seeds)('%s: %s may not say %s', (rule, file) => {
    expect(seeded[file]).toContain(rule);
  });
});
