import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What a project tells its TypeScript compiler, as far as changes are concerned. */
export interface CompilerSettings {
  /** Absolute: `tsconfig.build.json` where there is one, because it says what is built. */
  readonly file: string;
  readonly legacyDecorators: boolean;
  readonly decoratorMetadata: boolean;
  /** In lower case, as it is written; `undefined`: the compiler's default. */
  readonly module: string | undefined;
  readonly noEmit: boolean;
  /** Absolute. */
  readonly outDir: string | undefined;
  readonly rootDir: string | undefined;
  /** Tells whether a file is a part of what is compiled. */
  readonly includes: (file: string) => boolean;
}

/**
 * Reads the settings of the compiler, with all that they extend; `undefined` for a project without any, or whose settings
 * cannot be read.
 *
 * @param directory of the project
 */
export async function compilerSettings(directory: string): Promise<CompilerSettings | undefined> {
  const file = ['tsconfig.build.json', 'tsconfig.json']
    .map((name) => join(directory, name))
    .find((path) => existsSync(path));
  if (file === undefined) return undefined;
  const { createFilesMatcher, parseTsconfig } = await import('get-tsconfig');
  try {
    const config = parseTsconfig(file);
    const includes = createFilesMatcher({ path: file, config });
    const { experimentalDecorators, emitDecoratorMetadata, module, noEmit, outDir, rootDir } =
      config.compilerOptions ?? {};
    return {
      file,
      legacyDecorators: experimentalDecorators === true,
      decoratorMetadata: emitDecoratorMetadata === true,
      module: module?.toLowerCase(),
      noEmit: noEmit === true,
      outDir: outDir === undefined ? undefined : resolve(directory, outDir),
      rootDir: rootDir === undefined ? undefined : resolve(directory, rootDir),
      includes: (path) => includes(path) !== undefined,
    };
  } catch {
    return undefined;
  }
}
