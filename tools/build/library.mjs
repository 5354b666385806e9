import { defineConfig } from 'tsdown';

/**
 * How every published package is built: both module formats with declarations, for Node alone.
 *
 * `COMMONJS_BUILD` exists in the CommonJS build only. It is written in, because neither format can tell at
 * run time which one it is: the bundler gives the ES-module build a `require` of its own.
 *
 * @param {{ entry: Record<string, string> }} options the doors of the package, by the name of the built file
 */
export const library = ({ entry }) =>
  defineConfig({
    entry,
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
