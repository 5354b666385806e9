import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FlamingockError } from '@flamingock/core';

/** A file that a command writes. */
export interface NewFile {
  /** Absolute. */
  readonly path: string;
  /** As people know it, from where they are. */
  readonly shown: string;
  readonly content: string;
}

/** Throws `FLG_FILE_NOT_WRITTEN` where one of the files exists. */
export function assertNew(files: readonly NewFile[], hint: string): void {
  const existing = files.find(({ path }) => existsSync(path));
  if (existing !== undefined) throw exists(existing.shown, hint);
}

/**
 * Writes files that do not exist yet, all of them or none; one that exists is never touched, also where it came in the
 * meantime. Throws `FLG_FILE_NOT_WRITTEN`.
 *
 * @param hint the way out where one of them exists
 */
export async function writeNew(files: readonly NewFile[], hint: string): Promise<void> {
  assertNew(files, hint);
  const written: string[] = [];
  for (const { path, shown, content } of files) {
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content, { flag: 'wx' });
      written.push(path);
    } catch (error) {
      await Promise.all(written.map((before) => rm(before, { force: true })));
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST' && existsSync(path)) throw exists(shown, hint);
      throw new FlamingockError({
        code: 'FLG_FILE_NOT_WRITTEN',
        message: `${shown} could not be written: ${message}.`,
        hint: 'Let the folder be written, or name another one with --folder, and repeat the command.',
      });
    }
  }
}

function exists(shown: string, hint: string): FlamingockError {
  return new FlamingockError({
    code: 'FLG_FILE_NOT_WRITTEN',
    message: `${shown} exists already, and nothing is ever overwritten.`,
    hint,
  });
}
