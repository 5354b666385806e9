import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'tsdown';

/**
 * How every published package is built: both module formats with declarations, for Node alone. Its doors are
 * the sources that the `exports` of its package.json name.
 *
 * `COMMONJS_BUILD` exists in the CommonJS build only. It is written in, because neither format can tell at
 * run time which one it is: the bundler gives the ES-module build a `require` of its own.
 *
 * @param {string} folder
 */
export function library(folder) {
  /** @type {{ exports: Record<string, string | Record<string, unknown>> }} */
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return defineConfig({
    entry: Object.values(exports)
      .map((door) => (typeof door === 'string' ? undefined : door['@flamingock/source']))
      .filter((source) => typeof source === 'string'),
    // The built file lies where its source lies: `src/spi/index.ts` becomes `dist/spi/index.mjs`.
    root: 'src',
    format: {
      esm: { define: { COMMONJS_BUILD: 'undefined' } },
      cjs: { define: { COMMONJS_BUILD: 'true' } },
    },
    platform: 'node',
    target: 'node20',
    tsconfig: '../../tsconfig.build.json',
    dts: true,
    sourcemap: true,
    logLevel: 'warn',
  });
}
