import { readFile, rename, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { FlamingockError } from '@flamingock/core';
import { type LockedChange, type ReadLock, readLock, writtenLock } from './changes-lock.js';

/** `changes.lock` as it stands in the working tree. */
export type LockFile = { readonly state: 'missing' } | ReadLock;

/**
 * Throws `FLG_CHANGES_LOCK_INVALID` for what is there and is no file that can be read.
 *
 * @param file an absolute path
 */
export async function readLockFile(file: string): Promise<LockFile> {
  const text = await textOf(file);
  return text === undefined ? { state: 'missing' } : readLock(text);
}

/**
 * Writes what has to stand there, as a whole; leaves alone what stands there already. Returns whether it wrote. Throws
 * `FLG_FILE_NOT_WRITTEN`.
 */
export async function writeLockFile(file: string, changes: readonly LockedChange[]): Promise<boolean> {
  const text = writtenLock(changes);
  const before = await textOf(file);
  // Git may check it out with the line ends of the platform.
  if (before?.replaceAll('\r\n', '\n') === text) return false;
  try {
    await writeFile(`${file}.new`, text);
    await rename(`${file}.new`, file);
  } catch (error) {
    throw new FlamingockError({
      code: 'FLG_FILE_NOT_WRITTEN',
      message: `${basename(file)} could not be written: ${(error as Error).message}.`,
      hint: 'Let it be written, or name another file with --lock-file, and repeat the command.',
    });
  }
  return true;
}

/** Why the file cannot be held against anything; `undefined` where it can. */
export function unusable(lock: LockFile, file: string): FlamingockError | undefined {
  const name = basename(file);
  switch (lock.state) {
    case 'read':
      return undefined;
    case 'missing':
      return new FlamingockError({
        code: 'FLG_CHANGES_LOCK_MISSING',
        message: `There is no ${name} beside the configuration, so two branches can take the same place unnoticed.`,
        hint: 'Write it with `flamingock check --fix`, and commit it.',
      });
    case 'conflict':
      return new FlamingockError({
        code: 'FLG_CHANGES_LOCK_CONFLICT',
        message: `${name} holds an open conflict of Git: two branches have taken the same place.`,
        hint: 'Resolve it with `flamingock check --fix`: what upstream has stays, and what is new here is renumbered.',
      });
    case 'invalid':
      return new FlamingockError({
        code: 'FLG_CHANGES_LOCK_INVALID',
        message: `${name} cannot be used: ${lock.because}.`,
        hint: 'Take the file of the branch that this one goes into with `flamingock check --fix --upstream origin/main`.',
      });
  }
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new FlamingockError({
      code: 'FLG_CHANGES_LOCK_INVALID',
      message: `${basename(file)} cannot be read: ${(error as Error).message}.`,
      hint: 'Name a file that can be, with changesLock of the configuration or with --lock-file.',
    });
  }
}
