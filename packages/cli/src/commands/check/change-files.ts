import { existsSync, realpathSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ChangeSource } from '@flamingock/core';
import { type Change, parseChangeName } from '@flamingock/core/desk';
import { isRecord } from '../../config/config-problem.js';
import type { MovedFile } from './moved-files.js';
import { renamed, renumberedText } from './renumbered-text.js';
import type { Renumbering } from './renumbering.js';

/** A change that gets another place, with everything that has to be written for it. */
export interface RenumberedChange extends Renumbering {
  /** The id that it has from now on. */
  readonly id: string;
  /** Absolute paths, before and after. */
  readonly file: string;
  readonly newFile: string;
  readonly files: readonly MovedFile[];
}

const MODULE = /\.[cm]?[jt]sx?$/;

/**
 * The file of a change, as an absolute path; `undefined` for one that was listed, or where several directories of the
 * same name have one.
 */
export function fileOf(change: Change, source: ChangeSource): string | undefined {
  const files = directoriesOf(source)
    .map((directory) => join(dirname(directory), change.source))
    .filter((file) => existsSync(file));
  const [file, ...others] = files;
  // Git names files by where they really are.
  return file !== undefined && others.length === 0 ? realpathSync(file) : undefined;
}

/** The file of a change with another order, and what stands beside it under its name: its test, its SQL. */
export async function renumberedFiles(
  { change, order }: Renumbering,
  file: string,
): Promise<RenumberedChange> {
  const stem = basename(file).replace(MODULE, '');
  const folder = dirname(file);
  const names = (await readdir(folder)).filter((name) => name.startsWith(`${stem}.`));
  let id = change.id;
  const files = await Promise.all(
    names.map(async (name): Promise<MovedFile> => {
      const [from, to] = [join(folder, name), join(folder, renamed(name, change, order))];
      const before = await readFile(from);
      if (from !== file)
        return { from, to, after: MODULE.test(name) ? rewritten(before, change, order) : before };
      const { text, id: newId } = renumberedText(before.toString(), change, order);
      id = newId;
      return { from, to, after: Buffer.from(text) };
    }),
  );
  return { change, order, id, file, newFile: join(folder, renamed(basename(file), change, order)), files };
}

/** Tells whether a file goes by the name of a change file, here or in the changes of another service. */
export function isNamedLike(path: string, file: string): boolean {
  return basename(path).startsWith(`${basename(file).replace(MODULE, '')}.`);
}

/** The name that a change file goes by: `_0043__AddTotal`, with its own digits. */
export function stemOf(file: string): string | undefined {
  const stem = basename(file).replace(MODULE, '');
  return parseChangeName(stem) === undefined ? undefined : stem;
}

function rewritten(content: Buffer, change: Change, order: string): Buffer {
  return Buffer.from(renamed(content.toString(), change, order));
}

function directoriesOf(source: ChangeSource): readonly string[] {
  if (Array.isArray(source))
    return source.flatMap((part: unknown) =>
      isRecord(part) && 'changes' in part ? directoriesOf(part['changes'] as ChangeSource) : [],
    );
  const { directory } = source as { readonly directory: string | URL };
  const isUrl = typeof directory !== 'string' || directory.startsWith('file:');
  return [isUrl ? fileURLToPath(directory) : directory];
}
