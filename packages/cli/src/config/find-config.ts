import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { FlamingockError } from '@flamingock/core';

/** What the file of a configuration may be called. */
export const CONFIG_NAMES = ['ts', 'mts', 'js', 'mjs', 'cjs'].map((ending) => `flamingock.config.${ending}`);

/**
 * The configuration's file: the one that is named, or the first above the working directory. Throws
 * `FLG_CONFIG_MISSING`.
 *
 * @param directory the working directory
 */
export function findConfig(directory: string, named: string | undefined): string {
  if (named !== undefined) {
    const file = resolve(directory, named);
    if (existsSync(file)) return file;
    throw missing(`There is no configuration ${named}.`);
  }
  for (let folder = resolve(directory); ; folder = dirname(folder)) {
    const found = CONFIG_NAMES.map((name) => join(folder, name)).find((file) => existsSync(file));
    if (found !== undefined) return found;
    if (dirname(folder) === folder) break;
  }
  throw missing('There is no flamingock.config.ts (.mts, .js, .mjs, .cjs) here or in a folder above.');
}

function missing(message: string): FlamingockError {
  return new FlamingockError({
    code: 'FLG_CONFIG_MISSING',
    message,
    hint: 'Run the command in the project, write one with `flamingock init`, name the file with --config, or name the module of the application with --app.',
  });
}
