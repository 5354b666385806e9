import { relative } from 'node:path';
import type { Answer } from '../../frame/answer.js';
import { installCommand, localCommand } from '../../sources/package-manager.js';
import type { NewFile } from '../../sources/written-files.js';
import type { Colours } from '../../terminal/output.js';
import type { ApplicationLines, InitPlan } from './plan.js';

/** What was written, or would be, and what is left to a person. */
export function initAnswer(plan: InitPlan, files: readonly NewFile[], dryRun: boolean): Answer {
  const { framework, database, service, targetSystem, style, typescript, manifest, directory } = plan;
  const application = framework.lines(plan);
  const install = installCommands(plan);
  const next = nextCommands(plan);
  return {
    data: {
      dryRun,
      found: {
        framework: framework.id,
        database: database.id,
        service,
        targetSystem,
        modules: manifest.modules,
        typescript,
        style: style.form,
        folder: relative(directory, plan.changeFolder),
        environments: plan.environments,
        packageManager: plan.packageManager,
      },
      files: files.map(({ shown, content }) => ({ path: shown, content })),
      application,
      install,
      next,
    },
    screen: (colours) => screenOf({ plan, files, application, install, next, dryRun }, colours),
  };
}

interface Shown {
  readonly plan: InitPlan;
  readonly files: readonly NewFile[];
  readonly application: readonly ApplicationLines[];
  readonly install: readonly string[];
  readonly next: readonly string[];
  readonly dryRun: boolean;
}

function screenOf({ plan, files, application, install, next, dryRun }: Shown, colours: Colours): string {
  const { bold, green, dim } = colours;
  const { framework, database, manifest, typescript, style } = plan;
  const form = style.form === 'decorated' ? 'decorated classes' : 'functions';
  return [
    dim(
      `${framework.id === 'none' ? 'no framework' : framework.title}, ${database.title}, ${typescript ? 'TypeScript' : 'JavaScript'} as ${manifest.modules === 'esm' ? 'ES modules' : 'CommonJS'}, changes as ${form}`,
    ),
    ...files.flatMap(({ shown, content }) =>
      dryRun ? ['', bold(`would write ${shown}`), indented(content)] : [`${green('✔')} wrote ${shown}`],
    ),
    ...(install.length === 0 ? [] : ['', bold('install'), ...install.map((command) => `  ${command}`)]),
    ...application.flatMap(({ where, lines }) => [
      '',
      bold(`add to the application: ${where}`),
      indented(lines),
    ]),
    '',
    bold('then'),
    ...next.map((command) => `  ${command}`),
  ].join('\n');
}

/** What the project has not yet, for running and for developing. */
function installCommands({
  framework,
  database,
  manifest,
  typescript,
  packageManager,
}: InitPlan): readonly string[] {
  const missing = (packages: readonly string[]): readonly string[] =>
    packages.filter((name) => !(name in manifest.dependencies));
  const running = [
    '@flamingock/core',
    ...(framework.package === undefined ? [] : [framework.package]),
    ...database.packages,
  ];
  const developing = ['@flamingock/cli', ...(typescript ? database.types : [])];
  return [
    installCommand(packageManager, missing(running), { development: false }),
    installCommand(packageManager, missing(developing), { development: true }),
  ].filter((command) => command !== undefined);
}

function nextCommands({ environments, database, packageManager }: InitPlan): readonly string[] {
  const [first = ''] = environments;
  const address = `export ${database.variable}=<${database.variable.endsWith('FILE') ? 'path of the file' : 'address of the database'}>`;
  const flamingock = (command: string): string =>
    localCommand(packageManager, 'flamingock', command, '-e', first);
  return [address, flamingock('doctor'), flamingock('apply')];
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n');
}
