import { pathToFileURL } from 'node:url';

/** Written in by the build: `true` in the CommonJS build, undeclared everywhere else. */
declare const COMMONJS_BUILD: boolean | undefined;

/**
 * Imports a module file. The CommonJS build uses `require`, because Jest in CommonJS mode refuses `import()`;
 * what only `import()` can load is imported there too.
 *
 * @param file an absolute path
 */
export async function loadModule(file: string): Promise<unknown> {
  // The build takes the whole branch out of the ES-module form, which has no `require`: keep the condition as it is.
  if (typeof COMMONJS_BUILD !== 'undefined') {
    try {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- the point of this branch
      return require(file);
    } catch (error) {
      if (!needsImport(error)) throw error;
    }
  }
  // Where an application bundles this module, Node still has to be the one that imports the file.
  return import(/* webpackIgnore: true */ /* turbopackIgnore: true */ pathToFileURL(file).href);
}

function needsImport(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  return code === 'ERR_REQUIRE_ESM' || code === 'ERR_REQUIRE_ASYNC_MODULE';
}
