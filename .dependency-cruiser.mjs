import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Who may import whom, checked on the resolved graph: packages resolve to their sources, and imports of
 * types count like any other. ARCHITECTURE.md has the picture; this is what holds it.
 */
/** Tests, and what a package keeps for its tests. */
const tests = '(\\.test\\.ts$|^packages/[^/]+/test/)';

/** The sources that packages export: their doors. */
const doors = readdirSync(join(import.meta.dirname, 'packages')).flatMap((name) => {
  const file = join(import.meta.dirname, 'packages', name, 'package.json');
  if (!existsSync(file)) return [];
  /** @type {{ exports: Record<string, Record<string, string>> }} */
  const { exports } = JSON.parse(readFileSync(file, 'utf8'));
  return Object.values(exports)
    .map((door) => door['@flamingock/source'])
    .filter((source) => source !== undefined)
    .map((source) => `^packages/${name}/${source.slice('./'.length).replaceAll('.', '\\.')}$`);
});

/** Packages of stores and targets: the only ones that may use the core's second door. */
const adapters = '^packages/(testing|sql|typeorm|mongodb|kafka)/';

/** Gives the modules of a project the very copy of each door that runs. */
const handsOn = '^packages/cli/src/config/module-loader\\.ts$';

/** Packages for frameworks: the only ones that may use its third door. */
const frameworks = '^packages/(nestjs|express|fastify|next)/';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'core-stands-alone',
      comment: 'The core imports no other package, no driver, no framework and no third party at all.',
      severity: 'error',
      from: { path: '^packages/core/src/', pathNot: tests },
      to: { pathNot: '^packages/core/src/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'core-tests-know-no-package',
      comment: 'The core comes first: its tests use libraries, but none of the packages that build on it.',
      severity: 'error',
      from: { path: '^packages/core/' },
      to: { path: '^packages/', pathNot: '^packages/core/' },
    },
    {
      name: 'only-through-doors',
      comment: 'Another package is imported by its name, through what it exports.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: { path: '^packages/', pathNot: ['^packages/$1/', ...doors] },
    },
    {
      name: 'only-through-doors',
      comment: 'A package is imported by its name, through what it exports.',
      severity: 'error',
      from: { pathNot: '^packages/' },
      to: { path: '^packages/', pathNot: doors },
    },
    {
      name: 'only-by-name',
      comment: 'A package is imported by its name: a relative path would bundle it a second time.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: { path: '^packages/', pathNot: '^packages/$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'spi-is-for-adapters',
      comment:
        'The second door, `spi`, is for stores and targets; framework packages and applications use the main door.',
      severity: 'error',
      from: { path: '^(packages|apps)/', pathNot: ['^packages/core/', adapters, handsOn] },
      to: { path: '^packages/[^/]+/src/spi/' },
    },
    {
      name: 'hosting-is-for-frameworks',
      comment: 'The third door, `hosting`, is for framework packages; applications use those.',
      severity: 'error',
      from: { path: '^(packages|apps)/', pathNot: ['^packages/core/', frameworks] },
      to: { path: '^packages/core/src/hosting/' },
    },
    {
      name: 'desk-is-for-operations',
      comment: 'The door `desk` is for the command line; applications use the main door.',
      severity: 'error',
      from: { path: '^(packages|apps)/', pathNot: ['^packages/core/', '^packages/cli/'] },
      to: { path: '^packages/core/src/desk/' },
    },
    {
      name: 'frameworks-know-no-store',
      comment: 'A framework package works with every store: it imports the core and its framework only.',
      severity: 'error',
      from: { path: '^packages/(nestjs|express|fastify|next|cli)/', pathNot: tests },
      to: { path: '^packages/', pathNot: '^packages/(core|$1)/' },
    },
    {
      name: 'stores-know-no-other-store',
      comment: 'Stores and targets import the core; TypeORM builds on SQL.',
      severity: 'error',
      from: { path: '^packages/(testing|sql|mongodb|kafka)/', pathNot: tests },
      to: { path: '^packages/', pathNot: '^packages/(core|$1)/' },
    },
    {
      name: 'packages-need-what-they-declare',
      comment: 'What is only a development dependency is not there where the package is installed.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: tests },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm', 'npm-peer', 'npm-optional'] },
    },
    {
      name: 'model-before-engine',
      comment: 'What a change is, what the ledger says and what the plan is do not depend on who runs it.',
      severity: 'error',
      from: { path: '^packages/core/src/(change|ledger|plan)/' },
      to: { path: '^packages/core/src/engine/' },
    },
    {
      name: 'memory-is-an-adapter',
      comment: 'The in-memory store is one store among others: only the doors and tests import it.',
      severity: 'error',
      from: { path: '^packages/core/src/', pathNot: ['^packages/core/src/memory/', ...doors, tests] },
      to: { path: '^packages/core/src/memory/' },
    },
    {
      name: 'a-third-party-has-two-doors',
      comment:
        'The sample of a store and a target of somebody else is written against what everybody can install.',
      severity: 'error',
      from: { path: '^e2e/fixtures/third-party/' },
      to: {
        path: '^(packages|apps|e2e|tools)/',
        pathNot: [
          '^packages/core/src/spi/index\\.ts$',
          '^packages/testing/src/index\\.ts$',
          '^e2e/fixtures/third-party/',
        ],
      },
    },
    {
      name: 'packages-know-no-application',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^(apps|e2e|tools)/', pathNot: '^tools/services/' },
    },
    {
      name: 'applications-stand-alone',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^(apps|e2e|tools)/', pathNot: ['^apps/$1/', '^tools/services/'] },
    },
    {
      name: 'servers-are-for-tests',
      severity: 'error',
      from: { path: '^(packages|apps)/', pathNot: tests },
      to: { path: '^tools/services/' },
    },
    {
      name: 'no-test-in-production',
      severity: 'error',
      from: { pathNot: tests },
      to: { path: tests },
    },
    {
      name: 'no-cycle',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'The bench installs the tools to compare with on its first use.',
      severity: 'error',
      from: { pathNot: '^tools/bench/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: ['/dist/', '/\\.(data|next)/', '\\.config\\.mjs$', '^e2e/install/projects/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['@flamingock/source', 'import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.mjs', '.js', '.json', '.d.ts'],
    },
  },
};
