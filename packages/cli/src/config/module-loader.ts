import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const TYPESCRIPT = /\.[cm]?ts$/;

/** Loads modules of the project, TypeScript without a build step. */
export interface ModuleLoader {
  /** @param file an absolute path */
  load(file: string): Promise<unknown>;
  /** Where the project itself finds a package; `undefined` where it has none. */
  resolve(specifier: string): string | undefined;
}

/**
 * A loader for the project around a file. TypeScript is compiled in memory, decorator metadata included; whatever it
 * imports of the core is the very copy that runs here, since two copies would not know each other's clients and tokens.
 * JavaScript is Node's.
 *
 * @param around an absolute path
 */
export async function moduleLoader(around: string): Promise<ModuleLoader> {
  const [{ createJiti }, core, spi] = await Promise.all([
    import('jiti'),
    import('@flamingock/core'),
    import('@flamingock/core/spi'),
    // What compiled decorators call to leave metadata behind.
    import('reflect-metadata'),
  ]);
  const jiti = createJiti(around, {
    interopDefault: false,
    tsconfigPaths: true,
    virtualModules: { '@flamingock/core': core, '@flamingock/core/spi': spi },
  });
  return {
    load: (file) =>
      TYPESCRIPT.test(file)
        ? jiti.import(file)
        : (import(/* webpackIgnore: true */ pathToFileURL(file).href) as Promise<unknown>),
    resolve: (specifier) => {
      const url = jiti.esmResolve(specifier, { try: true });
      return url !== undefined && existsSync(new URL(url)) ? url : undefined;
    },
  };
}
