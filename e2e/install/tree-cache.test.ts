import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TreeCache } from './tree-cache.js';

let folder: string;
let project: string;
let cache: TreeCache;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flamingock-trees-'));
  project = join(folder, 'project');
  for (const name of ['library', '@flamingock/core'])
    mkdirSync(join(project, 'node_modules', name), { recursive: true });
  writeFileSync(join(project, 'package.json'), '{}');
  cache = new TreeCache(join(folder, 'trees'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("other people's packages are there in the next run, ours are not", async () => {
  await cache.keep(project, 'project');
  rmSync(join(project, 'node_modules'), { recursive: true });

  expect(await cache.restore(project, 'project')).toBe(true);
  expect(readdirSync(join(project, 'node_modules'))).toEqual(['library']);
});

test('a project with another package.json begins anew, and replaces what was kept', async () => {
  await cache.keep(project, 'project');
  writeFileSync(join(project, 'package.json'), '{ "private": true }');

  expect(await cache.restore(project, 'project')).toBe(false);
  await cache.keep(project, 'project');
  expect(readdirSync(join(folder, 'trees'))).toHaveLength(1);
});
