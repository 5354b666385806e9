import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { nearestManifest } from '../../sources/manifest.js';
import { versionFindings } from './versions.js';

let directory: string;
beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'flamingock-')));
});
afterEach(() => rm(directory, { recursive: true }));

async function install(path: string, manifest: Readonly<Record<string, unknown>>): Promise<void> {
  const folder = join(directory, path);
  await mkdir(folder, { recursive: true });
  const name = path.split('node_modules/').at(-1);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name, version: '1.0.0', ...manifest }));
}

/** What is wrong. */
function wrong(): readonly string[] {
  const manifest = nearestManifest(directory);
  if (manifest === undefined) throw new Error('the project has no package.json');
  return versionFindings(manifest, 'npm')
    .filter(({ severity }) => severity === 'error')
    .map(({ message, fix }) => `${message} -> ${fix ?? ''}`);
}

beforeEach(async () => {
  await install('', { name: 'project', dependencies: { pg: '^8' } });
});

test('nothing is wrong with packages of one version and peers that fit', async () => {
  await install('node_modules/@flamingock/core', { engines: { node: '>=18' } });
  await install('node_modules/@flamingock/nestjs', {
    peerDependencies: {
      '@flamingock/core': '1.0.0',
      '@nestjs/core': '^11.0.0 || ^12.0.0',
      '@nestjs/terminus': '^11',
    },
    peerDependenciesMeta: { '@nestjs/terminus': { optional: true } },
  });
  await install('node_modules/@nestjs/core', { version: '12.1.0' });
  await install('node_modules/pg', { version: '8.16.3' });
  expect(wrong()).toEqual([]);
});

test('everything else is told with the command that mends it', async () => {
  await install('node_modules/@flamingock/core', { version: '1.1.0', engines: { node: '>=99' } });
  await install('node_modules/@flamingock/fastify', { peerDependencies: { fastify: '^5.0.0' } });
  await install('node_modules/@flamingock/express', {
    version: '1.1.0',
    peerDependencies: { express: '^5' },
  });
  await install('node_modules/fastify', { version: '4.29.0' });
  await install('node_modules/pg', { version: '7.18.2' });
  expect(wrong()).toEqual([
    expect.stringMatching(/^This is Node .*needs >=99/),
    expect.stringMatching(/different versions: .*fastify 1\.0\.0.* -> npm i @flamingock\/fastify@1\.1\.0$/),
    expect.stringMatching(/^@flamingock\/express needs express \^5, which is not installed/),
    expect.stringMatching(
      /^@flamingock\/fastify needs fastify \^5\.0\.0, which is 4\.29\.0\. -> npm i fastify@"/,
    ),
    expect.stringMatching(/^pg is 7\.18\.2/),
  ]);
});

test('a second copy is found where another package has its own', async () => {
  await install('node_modules/@flamingock/core', {});
  await install('node_modules/@flamingock/typeorm', {});
  await install('node_modules/@flamingock/typeorm/node_modules/typeorm', { version: '0.3.31' });
  await install('node_modules/typeorm', { version: '1.1.1' });
  expect(wrong()).toEqual([
    `There are 2 copies of typeorm, and a class of the one is not that of the other: 1.1.1 in ${join(directory, 'node_modules/typeorm')}; 0.3.31 in ${join(directory, 'node_modules/@flamingock/typeorm/node_modules/typeorm')}. -> Let all of them take the same version (\`npm dedupe\`, or the overrides of package.json), and install again.`,
  ]);
});

test('nothing else is looked at where the core is missing', () => {
  expect(wrong()).toEqual(['@flamingock/core is not installed. -> npm i @flamingock/core']);
});
