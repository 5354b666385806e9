import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shown } from '../change/shown.js';
import { FlamingockError } from '../errors.js';

/**
 * The absolute path of a directory that was given as one, or as a `file:` URL.
 *
 * Throws `FLG_DIRECTORY_RELATIVE` for a path that depends on the working directory, and `FLG_OPTION_INVALID` for
 * anything else.
 */
export function absolutePath(directory: unknown): string {
  if (typeof directory === 'string' && !directory.startsWith('file:')) {
    if (isAbsolute(directory)) return directory;
    throw new FlamingockError({
      code: 'FLG_DIRECTORY_RELATIVE',
      message: `The directory of changes '${directory}' depends on the working directory of the process.`,
      hint: "Write join(import.meta.dirname, 'changes'), or join(__dirname, 'changes') in CommonJS.",
    });
  }
  try {
    return fileURLToPath(directory as string | URL);
  } catch (cause) {
    throw new FlamingockError({
      code: 'FLG_OPTION_INVALID',
      message: `The directory of changes is ${shown(directory)}, which is neither a path nor a file: URL.`,
      hint: "Write { directory: join(import.meta.dirname, 'changes') }, or give a list of changes.",
      cause,
    });
  }
}

/**
 * The absolute paths of all files below a directory, in no order. What begins with a dot is left out: such files
 * belong to tools and operating systems. Throws `FLG_DIRECTORY_UNREADABLE`.
 */
export async function filesBelow(directory: string): Promise<readonly string[]> {
  try {
    return await walk(directory);
  } catch (cause) {
    throw new FlamingockError({
      code: 'FLG_DIRECTORY_UNREADABLE',
      message: `The directory of changes '${directory}' cannot be read: ${(cause as Error).message}`,
      hint: 'Name a directory that exists where the application runs; a build has to bring the changes along.',
      cause,
    });
  }
}

async function walk(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const visible = entries.filter((entry) => !entry.name.startsWith('.'));
  const found = await Promise.all(
    visible.map(async (entry) => {
      const path = join(directory, entry.name);
      const target = entry.isSymbolicLink() ? await stat(path) : entry;
      return target.isDirectory() ? walk(path) : [path];
    }),
  );
  return found.flat();
}
