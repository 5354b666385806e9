import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readLockFile, writeLockFile } from './lock-file.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flamingock-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('what was written is read, and is not written twice', async () => {
  const file = join(folder, 'changes.lock');
  expect(await readLockFile(file)).toEqual({ state: 'missing' });
  const changes = [{ order: '1', id: 'create-orders', revision: undefined }];
  expect(await writeLockFile(file, changes)).toBe(true);
  expect(await writeLockFile(file, changes)).toBe(false);
  expect(await readLockFile(file)).toEqual({ state: 'read', changes });
});

test('a folder in its place, or none around it, is told by a code', async () => {
  await expect(readLockFile(folder)).rejects.toThrow(/FLG_CHANGES_LOCK_INVALID.*cannot be read/);
  await expect(writeLockFile(join(folder, 'none', 'changes.lock'), [])).rejects.toThrow(
    /FLG_FILE_NOT_WRITTEN.*changes\.lock could not be written/,
  );
});
