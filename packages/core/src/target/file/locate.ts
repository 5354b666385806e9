import { lstat, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { codeOf, FileError, unlessGone } from './file-error.js';

/** Where a file really is. */
export interface Located {
  /** Free of symbolic links, but for a file that is not there yet. */
  readonly file: string;
  readonly folder: string;
  readonly name: string;
  /** As the change calls it. */
  readonly path: string;
  /** Somebody keeps its folder as a whole, and replaces it by turning the symbolic link `..data`. */
  readonly managed: boolean;
}

/**
 * Finds a file below the directory of a target, through symbolic links, because replacing a link would take the file away
 * from where it is kept. Throws a `FileError`: `FILE_PATH` for what is no relative path below it, `FILE_DIRECTORY` where the
 * directory itself is not there, `FILE_OUTSIDE` where a link leads out of it, `FILE_KIND` for what is no file, and the
 * system's.
 */
export async function locate(directory: string, path: string): Promise<Located> {
  if (path === '' || isAbsolute(path) || path.split(/[\\/]/).includes('..') || path.includes('\0'))
    throw new FileError({ code: 'FILE_PATH', path, reason: 'is no path below the directory of the target' });
  const root = await rootOf(directory, path);
  const wanted = join(root, path);
  const file = await realpath(wanted).catch(async (error: unknown) => {
    if (codeOf(error) !== 'ENOENT' || (await isLink(wanted))) throw error;
    return join(await realpath(dirname(wanted)), basename(wanted));
  });
  const below = relative(root, file);
  if (below.startsWith(`..${sep}`) || below === '..' || below === '' || isAbsolute(below))
    throw new FileError({ code: 'FILE_OUTSIDE', path, reason: 'leads out of the directory of the target' });
  const kind = await unlessGone(stat(file));
  if (kind !== undefined && !kind.isFile())
    throw new FileError({ code: 'FILE_KIND', path, reason: 'is no regular file' });
  const folder = dirname(file);
  return { file, folder, name: basename(file), path, managed: await isManaged(root, folder) };
}

/**
 * Where the directory of a target really is. One that is missing must not read as one without files: its volume may only
 * not be mounted, and everything that was written there is still on it.
 */
export async function rootOf(directory: string, path: string): Promise<string> {
  return realpath(directory).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
    throw new FileError({
      code: 'FILE_DIRECTORY',
      path,
      reason: 'cannot be reached: the directory of the target is not there',
    });
  });
}

/** As Kubernetes does with the volumes of a ConfigMap or Secret, and others who turn a whole folder at once. */
async function isManaged(root: string, folder: string): Promise<boolean> {
  for (let one = folder; ; one = dirname(one)) {
    if (await isLink(join(one, '..data'))) return true;
    if (one === root || one === dirname(one)) return false;
  }
}

async function isLink(path: string): Promise<boolean> {
  return (await unlessGone(lstat(path)))?.isSymbolicLink() === true;
}
