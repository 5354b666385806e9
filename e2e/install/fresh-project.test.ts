import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SERVER_MISSING } from '../../tools/services/installation.mjs';
import { FreshProject } from './fresh-project.js';

let folder: string;

function manifest(path: string, content: object): void {
  mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, path, 'package.json'), JSON.stringify(content));
}

/** A project that needs nothing from elsewhere. */
function selfContained(scripts: Record<string, string>): void {
  manifest('project/library', { name: 'library', version: '1.0.0' });
  manifest('project', { scripts, dependencies: { library: 'file:library' } });
}

/** A project whose npm has nothing in its cache; by default it finds no registry either. */
const offline = (registry = 'http://127.0.0.1:1') =>
  new FreshProject(join(folder, 'project'), {
    cache: join(folder, 'trees'),
    environment: {
      npm_config_registry: registry,
      npm_config_fetch_retries: '0',
      npm_config_cache: join(folder, 'npm'),
    },
  });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flamingock-install-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a conflict of peer dependencies is a failure', async () => {
  manifest('project/library', { name: 'library', version: '1.0.0' });
  manifest('project/plugin', { name: 'plugin', version: '1.0.0', peerDependencies: { library: '^2.0.0' } });
  manifest('project', { dependencies: { library: 'file:library', plugin: 'file:plugin' } });
  // npm looks whether the library has a version that would do.
  const versions = {
    '2.0.0': { name: 'library', version: '2.0.0', dist: { tarball: 'http://127.0.0.1:1/a.tgz' } },
  };
  const registry = createServer((_, response) =>
    response.end(JSON.stringify({ name: 'library', 'dist-tags': { latest: '2.0.0' }, versions })),
  ).listen(0, '127.0.0.1');
  await once(registry, 'listening');
  const { port } = registry.address() as AddressInfo;

  await expect(offline(`http://127.0.0.1:${port}`).install()).rejects.toThrow('ERESOLVE');
  registry.close();
});

test('a tree that lacks a package does not pass', async () => {
  selfContained({ spoil: 'rm node_modules/library' });
  const project = offline();
  await project.install();
  await project.checkTree();
  await project.script('spoil');

  await expect(project.checkTree()).rejects.toThrow('missing: library');
  await project.remove();
});

test('scripts see nothing of the tests around them', async () => {
  selfContained({ tell: 'env' });
  const project = offline();
  await project.install();

  const told = (await project.script('tell', { GIVEN: 'yes' })).join('\n');
  await project.remove();

  expect(told).toContain('GIVEN=yes');
  expect(told).not.toMatch(/JEST|NODE_ENV|NX_/);
  expect(told).not.toContain(join(import.meta.dirname, '../../node_modules'));
});

test('a script that fails says what it wrote', async () => {
  selfContained({ fail: 'echo one; echo two >&2; exit 3' });
  const project = offline();
  await project.install();

  await expect(project.script('fail')).rejects.toThrow(/one\n[^]*two/);
  await project.remove();
});

test('without a registry the tests are to be skipped', async () => {
  manifest('project', { dependencies: { anything: '1.0.0' } });

  await expect(offline().install()).rejects.toMatchObject({
    code: SERVER_MISSING,
    message: 'npm does not reach its registry (ECONNREFUSED), which a fresh project needs.',
  });
});
