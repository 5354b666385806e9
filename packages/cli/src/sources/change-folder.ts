import { existsSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReadConfig } from '../config/read-config.js';
import { compilerSettings } from './compiler-settings.js';

/** Where changes stand by convention, in the order in which it is looked. */
const USUAL = [join('src', 'changes'), 'changes'];

/** The folder of changes that there is by convention; `undefined` where there is none. Absolute. */
export function usualChangeFolder(directory: string): string | undefined {
  return USUAL.map((folder) => join(directory, folder)).find((folder) => existsSync(folder));
}

/** The folder for the changes of a project that has none. Absolute. */
export function firstChangeFolder(directory: string): string {
  return join(directory, existsSync(join(directory, 'src')) ? join('src', 'changes') : 'changes');
}

/**
 * Where the sources of the configured changes stand; `undefined` for those that are listed, or come with the application.
 * A configuration may name what the build writes: then the sources are where the compiler takes them from.
 *
 * @param directory of the project
 */
export async function configuredChangeFolder(
  { changes }: Pick<ReadConfig, 'changes'>,
  directory: string,
): Promise<string | undefined> {
  if (changes === undefined || !('directory' in changes)) return undefined;
  const named = changes.directory;
  const folder = typeof named === 'string' && !named.startsWith('file:') ? named : fileURLToPath(named);
  const settings = await compilerSettings(directory);
  const inside = settings?.outDir === undefined ? undefined : below(settings.outDir, folder);
  if (inside === undefined) return folder;
  const source = resolve(settings?.rootDir ?? join(directory, 'src'), inside);
  return existsSync(source) ? source : folder;
}

/** The path from one folder to another that is the same or inside of it; `undefined` for one that is not. */
export function below(folder: string, inner: string): string | undefined {
  const path = relative(folder, inner);
  return path === '..' || path.startsWith(`..${sep}`) ? undefined : path;
}
