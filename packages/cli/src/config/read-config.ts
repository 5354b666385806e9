import { basename, dirname, resolve } from 'node:path';
import { type ChangeSource, FlamingockError, isFlamingockError } from '@flamingock/core';
import { Redactor } from '@flamingock/core/desk';
import type { CommandLineConfig } from './config.js';
import { configProblem, isRecord } from './config-problem.js';
import type { ModuleLoader } from './module-loader.js';

/** A configuration, with the file that it stands in. */
export interface ReadConfig extends CommandLineConfig {
  /** Absolute. */
  readonly file: string;
}

/**
 * Loads a configuration and checks its shape; what it makes is checked where it is made. Throws `FLG_CONFIG_INVALID`.
 *
 * @param file an absolute path
 */
export async function readConfig(file: string, loader: ModuleLoader): Promise<ReadConfig> {
  const name = basename(file);
  let loaded: unknown;
  try {
    loaded = defaultOf(await loader.load(file));
  } catch (error) {
    throw isFlamingockError(error) ? error : threw(`${name} could not be loaded`, error, []);
  }
  const problem = configProblem(loaded);
  if (problem !== undefined) throw invalid(`${name}: ${problem.what}`, problem.hint);
  const config = loaded as CommandLineConfig;
  return { ...config, ...(config.changes === undefined ? {} : placed(config.changes, file, loader)), file };
}

/** A foreign error of something that the configuration does, without what it may hold of secrets. */
export function threw(what: string, error: unknown, secrets: readonly string[]): FlamingockError {
  const { name, message, code } = new Redactor(secrets).record(error);
  const coded = code === undefined || message.includes(code) ? '' : ` (${code})`;
  return invalid(`${what}: ${name}: ${message}${coded}.`, 'Remove the cause, and repeat the command.');
}

/** The module's default export, also where it was compiled to CommonJS. */
export function defaultOf(loaded: unknown): unknown {
  let found = loaded;
  for (let depth = 0; depth < 2 && isRecord(found) && 'default' in found; depth += 1)
    found = found['default'];
  return found;
}

/** Directories are meant from where the configuration stands; and their files may be what it is written in. */
function placed(
  changes: ChangeSource,
  file: string,
  loader: ModuleLoader,
): { readonly changes: ChangeSource } {
  if (!isRecord(changes) || !('directory' in changes)) return { changes };
  const { directory } = changes as { readonly directory: string | URL };
  return {
    changes: {
      directory: typeof directory === 'string' ? resolve(dirname(file), directory) : directory,
      load: (path) => loader.load(path),
    },
  };
}

function invalid(message: string, hint: string): FlamingockError {
  return new FlamingockError({ code: 'FLG_CONFIG_INVALID', message, hint });
}
