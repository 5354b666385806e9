/**
 * One Jest for the whole repository, in ES-module mode. Two projects, because the two forms of decorators
 * are two ways of compiling: `*.standard.test.ts` has the standard form, everything else the legacy one.
 */
const root = import.meta.dirname;

/**
 * @param {string} displayName
 * @param {Record<string, unknown>} decorators options of swc's transform
 * @param {Pick<import('jest').Config, 'testMatch' | 'testPathIgnorePatterns'>} files
 * @returns {import('jest').Config & { displayName: string }}
 */
function project(displayName, decorators, files) {
  return {
    displayName,
    rootDir: root,
    ...files,
    testEnvironment: 'node',
    // Packages of the workspace resolve to their sources; `node` and `node-addons` are Jest's own defaults.
    testEnvironmentOptions: { customExportConditions: ['@flamingock/source', 'node', 'node-addons'] },
    extensionsToTreatAsEsm: ['.ts'],
    // `.js` comes before `.ts`, so that a dependency which ships its sources is still loaded as published.
    moduleFileExtensions: ['js', 'mjs', 'cjs', 'ts', 'json', 'node'],
    moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
    modulePathIgnorePatterns: ['/dist/', '/\\.(nx|data|next|reports)/'],
    transform: {
      '\\.ts$': [
        '@swc/jest',
        {
          swcrc: false,
          sourceMaps: 'inline',
          module: { type: 'es6' },
          jsc: {
            target: 'es2022',
            keepClassNames: true,
            parser: { syntax: 'typescript', decorators: true },
            transform: { useDefineForClassFields: false, ...decorators },
          },
        },
      ],
    },
    injectGlobals: false,
    restoreMocks: true,
  };
}

const folders = '<rootDir>/{packages,apps,e2e,tools}';

/** @type {import('jest').Config} */
export default {
  rootDir: root,
  testTimeout: 20_000,
  collectCoverageFrom: ['packages/*/src/**/*.ts', '!**/*.test.ts'],
  projects: [
    project(
      'legacy',
      { legacyDecorator: true, decoratorMetadata: true },
      {
        testMatch: [`${folders}/**/*.test.ts`],
        testPathIgnorePatterns: ['/node_modules/', '\\.standard\\.test\\.ts$'],
      },
    ),
    project(
      'standard',
      { decoratorVersion: '2022-03' },
      { testMatch: [`${folders}/**/*.standard.test.ts`], testPathIgnorePatterns: ['/node_modules/'] },
    ),
  ],
};
