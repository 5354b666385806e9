import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type NewFile, writeNew } from './written-files.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flamingock-'));
});
afterEach(() => rm(folder, { recursive: true }));

const file = (shown: string): NewFile => ({ path: join(folder, shown), shown, content: 'new' });

test('folders are made, and what is there is left as it is', async () => {
  await writeNew([file('config'), file('src/changes/first')], 'look');
  expect(await readFile(join(folder, 'src/changes/first'), 'utf8')).toBe('new');
  await writeFile(join(folder, 'config'), 'mine');
  await expect(writeNew([file('other'), file('config')], 'look')).rejects.toThrow(
    /FLG_FILE_NOT_WRITTEN.*config exists already/,
  );
  expect(await readFile(join(folder, 'config'), 'utf8')).toBe('mine');
});

test('where one cannot be written nothing remains, so that the command can be repeated', async () => {
  await writeFile(join(folder, 'src'), 'no folder');
  await expect(writeNew([file('config'), file('src/changes/first')], 'look')).rejects.toThrow(
    /FLG_FILE_NOT_WRITTEN.*src\/changes\/first could not be written/,
  );
  expect(await readdir(folder)).toEqual(['src']);
});
