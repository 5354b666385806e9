import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, join, relative } from 'node:path';

/** A file of a change, looked at as text: it need not compile, and nothing of it is run. */
export interface ChangeSourceFile {
  /** Absolute. */
  readonly path: string;
  /** With its leading zeros. */
  readonly digits: string;
  readonly order: bigint;
  readonly name: string;
  /** With the dot: `.ts`. */
  readonly extension: string;
  readonly text: string;
}

const CHANGE = /^_(\d+)__(.+)$/;
const MODULE = /\.[cm]?[jt]s$/;
/** What compilers and tests put beside a module, as discovery leaves it out. */
const BESIDE = /(?:\.d\.[cm]?ts|\.(?:test|spec)\.[^.]+|\.map)$/;

/** What belongs to tools and operating systems. */
const HIDDEN = /(?:^|[/\\])(?:\.|node_modules[/\\])/;

/** Every file below a folder that is named like a change, in their order; none where the folder does not exist. */
export async function changeFiles(folder: string): Promise<readonly ChangeSourceFile[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries
    .filter(({ name }) => MODULE.test(name) && !BESIDE.test(name))
    .map(({ name, parentPath }) => join(parentPath, name))
    .filter((path) => !HIDDEN.test(relative(folder, path)))
    .flatMap(read)
    .sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0));
}

function read(path: string): readonly ChangeSourceFile[] {
  const extension = extname(path);
  const [, digits, name] = CHANGE.exec(basename(path, extension)) ?? [];
  if (digits === undefined || name === undefined) return [];
  return [{ path, digits, order: BigInt(digits), name, extension, text: readFileSync(path, 'utf8') }];
}

/** The folder in which the last of some changes stands. */
export function folderOfLast(files: readonly ChangeSourceFile[]): string | undefined {
  const last = files.at(-1);
  return last === undefined ? undefined : dirname(last.path);
}
