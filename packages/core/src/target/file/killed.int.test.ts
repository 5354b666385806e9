import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { Child } from '../../../test/child-of.js';
import { fileTarget } from './file-target.js';
import { TargetFiles } from './target-files.js';

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

const OLD = 'old '.repeat(10_000);
const NEW = 'new '.repeat(10_000);

test.each<readonly [string, string]>([
  ['writeFile', OLD],
  ['rename', OLD],
  ['the end', NEW],
])(
  'a writer that is killed before %s leaves a whole file, and nothing for the next one to stumble over',
  async (step, left) => {
    const folder = await mkdtemp(join(tmpdir(), 'flamingock-files-'));
    folders.push(folder);
    const file = join(folder, 'routes.json');
    await writeFile(file, OLD);
    const writer = new Child(new URL('../../../test/killed-writer.ts', import.meta.url), folder, step);
    expect(await writer.exited).toMatchObject({ signal: 'SIGKILL' });
    expect((await readFile(file, 'utf8')) === left).toBe(true);

    const files = fileTarget({ directory: folder }).client(TargetFiles) as TargetFiles;
    const verdict = left === NEW ? 'APPLIED' : 'NOT_APPLIED';
    expect(await files.verify('routes.json', NEW, OLD)).toMatchObject({ verdict });
    await files.write('routes.json', 'newest');
    expect(await readdir(folder)).toEqual(['routes.json']);
  },
);
