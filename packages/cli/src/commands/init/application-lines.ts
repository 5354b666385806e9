import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { importLine } from '../../sources/import-line.js';
import type { Database, NestProvider } from './database.js';
import type { ApplicationLines, InitPlan } from './plan.js';

/** The root module of a Nest application. */
export function nestLines(plan: InitPlan): readonly ApplicationLines[] {
  const { database, directory, manifest } = plan;
  const { inNest } = database;
  const provider = inNest?.needs === undefined || inNest.needs in manifest.dependencies ? inNest : undefined;
  const module = join('src', 'app.module.ts');
  return [
    {
      where: existsSync(join(directory, module)) ? module : 'the root module of the application',
      lines: provider === undefined ? nestOwnClient(plan) : nestProvided(plan, provider),
    },
  ];
}

/** The application's own client, which one of its modules provides. */
function nestProvided(plan: InitPlan, { token, imported, from, module }: NestProvider): string {
  const { store, target, adapter } = plan.database;
  return lines(
    importLine(['join'], 'node:path', 'esm'),
    importLine(['FlamingockModule', 'fromContainer'], '@flamingock/nestjs', 'esm'),
    importLine([store, target], adapter, 'esm'),
    importLine([imported], from, 'esm'),
    '',
    `// in the imports of @Module(), where ${module} stands`,
    'FlamingockModule.forRoot({',
    ...options(plan, {
      store: `fromContainer(${token}, ${store})`,
      target: `fromContainer(${token}, ${target})`,
    }),
    '}),',
  );
}

function nestOwnClient(plan: InitPlan): string {
  const { database } = plan;
  const { store, target, adapter, connects } = database;
  const imports = [
    importLine(['join'], 'node:path', 'esm'),
    importLine(['FlamingockModule'], '@flamingock/nestjs', 'esm'),
    importLine([store, target], adapter, 'esm'),
    driverImport(database, 'esm'),
    '',
  ];
  if (!connects)
    return lines(
      ...imports,
      `const database = ${made(database)};`,
      '',
      '// in the imports of @Module()',
      'FlamingockModule.forRoot({',
      ...options(plan, shared(database)),
      '}),',
    );
  return lines(
    ...imports,
    '// in the imports of @Module()',
    'FlamingockModule.forRootAsync({',
    '  useFactory: async () => {',
    `    const database = ${made(database)};`,
    '    return {',
    ...options(plan, shared(database)).map((line) => `    ${line}`),
    '    };',
    '  },',
    '}),',
  );
}

/** Where an Express application is made, before it listens. */
export function expressLines(plan: InitPlan): readonly ApplicationLines[] {
  const { database } = plan;
  const syntax = syntaxOf(plan);
  return [
    {
      where: 'where the application is made, before its routes',
      lines: lines(
        importLine(['join'], 'node:path', syntax),
        importLine(['closeOnSignal', 'flamingock'], '@flamingock/express', syntax),
        importLine([database.store, database.target], database.adapter, syntax),
        driverImport(database, syntax),
        '',
        `const database = ${made(database)};`,
        `const engine = await flamingock(app, {${awaited(plan)}`,
        ...options(plan, shared(database)),
        '});',
      ),
    },
    {
      where: 'in place of app.listen(port)',
      lines: lines('const server = app.listen(port);', 'closeOnSignal(server, engine);'),
    },
  ];
}

/** Where a Fastify application is made. */
export function fastifyLines(plan: InitPlan): readonly ApplicationLines[] {
  const { database, manifest } = plan;
  const syntax = syntaxOf(plan);
  const { store, target, adapter, driver } = database;
  const plugin = driver.module === 'pg' && '@fastify/postgres' in manifest.dependencies;
  return [
    {
      where: 'where the application is made',
      lines: lines(
        importLine(['join'], 'node:path', syntax),
        importLine(
          ['closeOnSignal', 'flamingock', ...(plugin ? ['fromDecorator'] : [])],
          '@flamingock/fastify',
          syntax,
        ),
        importLine([store, target], adapter, syntax),
        ...(plugin ? [] : [driverImport(database, syntax)]),
        '',
        '// a change may take longer than plugins usually may: Fastify({ pluginTimeout: 0 })',
        ...(plugin ? [] : [`const database = ${made(database)};`]),
        `await app.register(flamingock, {${awaited(plan)}`,
        ...options(
          plan,
          plugin
            ? { store: `fromDecorator('pg', ${store})`, target: `fromDecorator('pg', ${target})` }
            : shared(database),
        ),
        '});',
      ),
    },
    { where: 'behind await app.listen(…)', lines: 'closeOnSignal(app);' },
  ];
}

/** The files that Next.js calls when its server starts. */
export function nextLines(plan: InitPlan): readonly ApplicationLines[] {
  const { database, directory, changeFolder, typescript } = plan;
  const extension = typescript ? 'ts' : 'js';
  const source = existsSync(join(directory, 'src')) ? 'src' : '';
  const changes = toPosix(relative(join(directory, source), changeFolder));
  return [
    {
      where: join(source, `instrumentation.${extension}`),
      lines: lines(
        'export async function register() {',
        "  if (process.env.NEXT_RUNTIME === 'nodejs') {",
        "    const { start } = await import('./flamingock');",
        '    await start();',
        '  }',
        '}',
      ),
    },
    {
      where: join(source, `flamingock.${extension}`),
      lines: lines(
        importLine(['registerFlamingock'], '@flamingock/next', 'esm'),
        importLine([database.store, database.target], database.adapter, 'esm'),
        driverImport(database, 'esm'),
        `import firstChange from './${changes}/_0001__CreateExample';`,
        '',
        'export function start() {',
        '  return registerFlamingock(async () => {',
        `    const database = ${made(database)};`,
        '    return {',
        ...options(plan, { ...shared(database), changes: '[firstChange]' }).map((line) => `    ${line}`),
        '    };',
        '  });',
        '}',
      ),
    },
  ];
}

/** An application without a framework that is known here. */
export function plainLines(plan: InitPlan): readonly ApplicationLines[] {
  const { database } = plan;
  const syntax = syntaxOf(plan);
  return [
    {
      where: 'where the application starts, before it takes any traffic',
      lines: lines(
        importLine(['join'], 'node:path', syntax),
        importLine(['createFlamingock'], '@flamingock/core', syntax),
        importLine([database.store, database.target], database.adapter, syntax),
        driverImport(database, syntax),
        '',
        `const database = ${made(database)};`,
        'const flamingock = createFlamingock({',
        ...options(plan, shared(database)),
        '});',
        `await flamingock.run();${awaited(plan)}`,
      ),
    },
  ];
}

interface Parts {
  readonly store: string;
  readonly target: string;
  readonly changes?: string;
}

function options(plan: InitPlan, { store, target, changes }: Parts): readonly string[] {
  const { service, targetSystem } = plan;
  return [
    `service: '${service}',`,
    'environment: process.env.FLAMINGOCK_ENV,',
    `auditStore: ${store},`,
    `targets: { '${targetSystem}': ${target} },`,
    `changes: ${changes ?? directoryOf(plan)},`,
  ].map((line) => `  ${line}`);
}

/** The application's modules and its changes move together into what a build writes. */
function directoryOf({ directory, changeFolder, manifest }: InitPlan): string {
  const inside = relative(join(directory, 'src'), changeFolder);
  const path = inside.startsWith('..') ? relative(directory, changeFolder) : inside;
  const here = manifest.modules === 'esm' ? 'import.meta.dirname' : '__dirname';
  return `{ directory: join(${here}, '${toPosix(path)}') }`;
}

function shared({ store, target }: Database): Parts {
  return { store: `${store}(database)`, target: `${target}(database)` };
}

function made({ make, inApplication, driver, connects, variable }: Database): string {
  const address = `process.env.${variable}`;
  return inApplication?.(driver.name, address) ?? `${connects ? 'await ' : ''}${make(driver.name, address)}`;
}

function driverImport({ driver: { name, module, isDefault } }: Database, syntax: 'esm' | 'commonjs'): string {
  return importLine(isDefault ? name : [name], module, syntax);
}

/** What the sources are written in: a compiler makes the one of the other. */
function syntaxOf({ typescript, manifest }: InitPlan): 'esm' | 'commonjs' {
  return typescript ? 'esm' : manifest.modules;
}

function awaited({ manifest }: InitPlan): string {
  return manifest.modules === 'esm' ? '' : ' // in an async function';
}

function toPosix(path: string): string {
  return path.split(sep).join('/');
}

function lines(...parts: readonly string[]): string {
  return parts.join('\n');
}
