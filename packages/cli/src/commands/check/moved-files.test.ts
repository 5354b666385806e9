import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type MovedFile, moveFiles } from './moved-files.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moved-files-'));
  for (const name of ['43', '44']) await writeFile(join(folder, name), `text of ${name}`);
});
afterEach(() => rm(folder, { recursive: true }));

/** Each gets the place of the next one. */
const files = (): readonly MovedFile[] =>
  [43, 44].map((order) => ({
    from: join(folder, String(order)),
    to: join(folder, String(order + 1)),
    after: Buffer.from(`new text of ${order}`),
  }));

async function contents(): Promise<Readonly<Record<string, string>>> {
  const found = await readdir(folder, { withFileTypes: true });
  const read = found
    .filter((one) => one.isFile())
    .map(async ({ name }) => [name, await readFile(join(folder, name), 'utf8')] as const);
  return Object.fromEntries(await Promise.all(read));
}

const BEFORE = { 43: 'text of 43', 44: 'text of 44' };

test('files get the names that the next ones had, and nothing else is left', async () => {
  const { settle } = await moveFiles(files());
  await settle();
  expect(await contents()).toEqual({ 44: 'new text of 43', 45: 'new text of 44' });
});

test('all of it can be taken back', async () => {
  const { takeBack } = await moveFiles(files());
  await takeBack();
  expect(await contents()).toEqual(BEFORE);
});

test('what one that was killed has left hidden is overwritten', async () => {
  for (const name of ['.44.renumbered', '.45.renumbered', '.43.before', '.44.before'])
    await writeFile(join(folder, name), 'half a te', { mode: 0o400 });
  const { settle } = await moveFiles(files());
  await settle();
  expect(await contents()).toEqual({ 44: 'new text of 43', 45: 'new text of 44' });
});

test('an old text that is gone already is no failure, and one that cannot be removed is told', async () => {
  const { settle } = await moveFiles(files());
  await rm(join(folder, '.43.before'));
  await rm(join(folder, '.44.before'));
  await mkdir(join(folder, '.44.before', 'in the way'), { recursive: true });
  await expect(settle()).rejects.toThrow(/^FLG_FILE_NOT_WRITTEN.*\.44\.before.*The renumbering is done/);
  expect(await contents()).toEqual({ 44: 'new text of 43', 45: 'new text of 44' });
});

test.each([
  ['the first text cannot be written', '.44.renumbered'],
  ['the second text cannot be written', '.45.renumbered'],
  ['the first file cannot be renamed', '.44.before'],
  ['the second file cannot be renamed, after the first one was', '.43.before'],
])('where %s, everything is as it was, and it is told', async (_case, obstacle) => {
  await mkdir(join(folder, obstacle, 'in the way'), { recursive: true });
  await expect(moveFiles(files())).rejects.toThrow(/^FLG_FILE_NOT_WRITTEN.*Everything is as it was/);
  expect(await contents()).toEqual(BEFORE);
});
