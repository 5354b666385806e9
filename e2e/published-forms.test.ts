import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..');
let project: string;

function write(file: string, text: string): void {
  writeFileSync(join(project, file), text);
}

/** What a door gives, as the published package is loaded. */
function exportsOf(door: string, form: 'import' | 'require'): string[] {
  const loaded = form === 'import' ? `await import('${door}')` : `require('${door}')`;
  const script = `console.log(JSON.stringify(Object.keys(${loaded})))`;
  const type = form === 'import' ? 'module' : 'commonjs';
  const output = execFileSync(process.execPath, [`--input-type=${type}`, '--eval', script], {
    cwd: project,
    encoding: 'utf8',
  });
  return (JSON.parse(output) as string[]).filter((name) => name !== 'default').sort();
}

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'flamingock-forms-'));
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'));
  write('package.json', '{}');
});
afterAll(() => rmSync(project, { recursive: true }));

describe('The built packages', () => {
  it.each([
    '@flamingock/core',
    '@flamingock/core/spi',
    '@flamingock/nestjs',
    '@flamingock/nestjs/terminus',
    '@flamingock/sql',
    '@flamingock/sql/spi',
    '@flamingock/testing',
    '@flamingock/typeorm',
  ])('%s gives the same to import and to require', (door) => {
    const imported = exportsOf(door, 'import');

    expect(imported).not.toEqual([]);
    expect(exportsOf(door, 'require')).toEqual(imported);
  });

  it('load changes in Jest as it is by default, in CommonJS mode', () => {
    mkdirSync(join(project, 'changes'));
    write(
      'changes/_0001__First.js',
      `const { defineChange } = require('@flamingock/core');
      module.exports = defineChange({ id: 'first', targetSystem: 'any', async apply() { globalThis.applied = true; } });`,
    );
    write(
      'start.test.js',
      `const { join } = require('node:path');
      const { createFlamingock, memoryAuditStore, target } = require('@flamingock/core');
      test('starts', async () => {
        const flamingock = createFlamingock({
          service: 'orders',
          environment: 'test',
          auditStore: memoryAuditStore(),
          targets: { any: target({ clients: [] }) },
          changes: { directory: join(__dirname, 'changes') },
        });
        await flamingock.run();
        await flamingock.close();
        expect(globalThis.applied).toBe(true);
      });`,
    );

    const jest = spawnSync(
      process.execPath,
      [join(root, 'node_modules/jest/bin/jest.js'), '--rootDir', project],
      {
        cwd: project,
        encoding: 'utf8',
        env: { PATH: process.env['PATH'] },
      },
    );

    expect(jest.stderr).toContain('1 passed');
    expect(jest.status).toBe(0);
  });
});
