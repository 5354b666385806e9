import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FlamingockError } from '@flamingock/core';

/** A file on its way to another name. */
export interface MovedFile {
  readonly from: string;
  readonly to: string;
  readonly after: Buffer;
}

/** Files that have their new names and texts. One of the two is called. */
export interface MovedFiles {
  /** Gives them their old names and texts again. */
  readonly takeBack: () => Promise<void>;
  /** Takes the old texts away. Throws `FLG_FILE_NOT_WRITTEN` where one of them stays. */
  readonly settle: () => Promise<void>;
}

/** Where a new text waits, and where an old one does. A file that begins like a change would be taken for a broken one. */
const waiting = (path: string): string => join(dirname(path), `.${basename(path)}.renumbered`);
const kept = (path: string): string => join(dirname(path), `.${basename(path)}.before`);

/**
 * Gives files their new names and texts, all of them or none. Everything is written beside them first; from then on files
 * are only renamed, which needs no room on the disk, and each is there under its new name before the old one goes: a
 * process that is killed leaves a change twice, which `check` finds, and never loses one.
 *
 * Throws `FLG_FILE_NOT_WRITTEN`.
 *
 * @param files in ascending order: a file may get the name that the next one still has
 */
export async function moveFiles(files: readonly MovedFile[]): Promise<MovedFiles> {
  const written: string[] = [];
  const undo: (() => Promise<void>)[] = [];
  const takeBack = async (): Promise<void> => {
    for (const step of undo.toReversed()) await step();
    for (const path of written) await rm(path, { force: true });
  };
  let current = '';
  try {
    for (const { to, after } of files) {
      current = to;
      // One that was killed may have left its own there.
      await rm(waiting(to), { force: true });
      written.push(waiting(to));
      await writeFile(waiting(to), after, { flag: 'wx' });
    }
    for (const { from, to } of files.toReversed()) {
      current = from;
      await rename(waiting(to), to);
      undo.push(() => rm(to));
      await rename(from, kept(from));
      undo.push(() => rename(kept(from), from));
    }
  } catch (error) {
    await takeBack();
    throw failed(`${basename(current)} could not be written or renamed`, error, 'Everything is as it was.');
  }
  return {
    takeBack,
    async settle() {
      for (const { from } of files) {
        try {
          await rm(kept(from), { force: true });
        } catch (error) {
          throw failed(`${basename(kept(from))} could not be removed`, error, 'The renumbering is done.');
        }
      }
    },
  };
}

function failed(what: string, error: unknown, rest: string): FlamingockError {
  return new FlamingockError({
    code: 'FLG_FILE_NOT_WRITTEN',
    message: `${what}: ${(error as Error).message}. ${rest}`,
    hint: 'Let the folder of the changes be written, and repeat the command.',
  });
}
