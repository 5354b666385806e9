import { resolve } from 'node:path';
import type { Invocation } from '../../frame/frame.js';
import { notKnown, usage } from '../../frame/usage.js';
import { below, firstChangeFolder } from '../../sources/change-folder.js';
import { firstStyle } from '../../sources/change-style.js';
import { type CompilerSettings, compilerSettings } from '../../sources/compiler-settings.js';
import { type Manifest, nearestManifest } from '../../sources/manifest.js';
import { packageManagerOf } from '../../sources/package-manager.js';
import { usualForm } from '../../sources/usual-form.js';
import { joined, wordsOf } from '../../sources/words.js';
import { askChoice } from '../../terminal/questions.js';
import { DATABASES, recognisedDatabases } from './databases.js';
import { FRAMEWORKS, recognisedFrameworks } from './frameworks.js';
import type { InitOptions } from './init-options.js';
import type { InitPlan } from './plan.js';

/** Looks at the project, and asks for what it does not tell. Throws `FLG_USAGE`. */
export async function makePlan(invocation: Invocation<InitOptions>): Promise<InitPlan> {
  const { options, request } = invocation;
  const manifest = nearestManifest(request.directory);
  if (manifest === undefined)
    throw usage(
      'There is no package.json here or in a folder above that can be read, so there is no project to look at.',
      'Run the command in the project, or begin one: npm init',
    );
  const { directory, dependencies } = manifest;
  const compiler = await compilerSettings(directory);
  const usual = usualForm(manifest, compiler);
  const typescript = usual.extension === '.ts';
  const service = named(options.service ?? serviceOf(manifest), 'service');
  return {
    directory,
    manifest,
    framework: await chosen(invocation, 'framework', FRAMEWORKS, recognisedFrameworks(dependencies)),
    database: await chosen(invocation, 'database', DATABASES, recognisedDatabases(dependencies)),
    service,
    targetSystem: named(options.target ?? `${service}-db`, 'target'),
    environments: environmentsOf(options.environments),
    style: firstStyle({ ...usual, form: formOf(options, usual.form, typescript) }),
    typescript,
    changeFolder: folderOf(options.folder, request.directory, directory),
    configExtension: configExtension(manifest, compiler, typescript),
    packageManager: options.packageManager ?? (await packageManagerOf(directory)),
  };
}

/** What was said, or the only one that fits; otherwise a person is asked. */
async function chosen<T extends { readonly id: string; readonly title: string }>(
  { options, interactive }: Invocation<InitOptions>,
  what: 'framework' | 'database',
  known: readonly T[],
  fitting: readonly T[],
): Promise<T> {
  const name = options[what];
  if (name !== undefined) {
    const said = known.find(({ id }) => id === name);
    if (said !== undefined) return said;
    throw notKnown(
      what,
      name,
      known.map(({ id }) => id),
    );
  }
  const [first, ...others] = fitting;
  if (first !== undefined && others.length === 0) return first;
  const candidates = first === undefined ? known : fitting;
  if (interactive)
    return askChoice(
      `Which ${what} is it?`,
      candidates.map((value) => ({ value, name: value.title })),
    );
  throw usage(
    first === undefined
      ? `The packages of the project name no ${what} that is known here.`
      : `The packages of the project name several: ${fitting.map(({ title }) => title).join('; ')}.`,
    `Add --${what} ${candidates.map(({ id }) => id).join(' | ')}.`,
  );
}

function folderOf(said: string | undefined, from: string, directory: string): string {
  if (said === undefined) return firstChangeFolder(directory);
  const folder = resolve(from, said);
  if (below(directory, folder) !== undefined) return folder;
  throw usage(
    `${said} is not in the project.`,
    'Name a folder of the project: its build brings the changes along.',
  );
}

function serviceOf({ name }: Manifest): string {
  const service = joined(wordsOf(name?.replace(/^@[^/]*\//, '') ?? ''), 'kebab');
  if (service === '') throw usage('The project has no name.', 'Add --service <name>.');
  return service;
}

/** Names stand in quotes in what is written, and in commands that people type. */
function named(name: string, option: string): string {
  if (/^[A-Za-z0-9][\w.-]*$/.test(name)) return name;
  throw usage(`'${name}' is no name.`, `Write --${option} with letters, digits, ., - and _.`);
}

function environmentsOf(said: string | undefined): readonly string[] {
  const names = (said ?? 'local,staging,production').split(',').map((name) => name.trim());
  if (new Set(names).size < names.length)
    throw usage(`One of the environments ${names.join(', ')} is there twice.`, 'Name each once.');
  return names.map((name) => named(name, 'environments'));
}

function formOf(
  { style }: InitOptions,
  usual: 'decorated' | 'function',
  typescript: boolean,
): 'decorated' | 'function' {
  if (style === 'decorated' && !typescript)
    throw usage('JavaScript has no decorators.', 'Leave --style out: changes are functions then.');
  return style ?? usual;
}

/**
 * A configuration in TypeScript must not get into what the project builds: its output would move into a subfolder.
 * Node runs an `.mjs` in any project, and a change that is required meets a configuration that requires.
 */
function configExtension(
  { directory, modules }: Manifest,
  compiler: CompilerSettings | undefined,
  typescript: boolean,
): InitPlan['configExtension'] {
  if (!typescript) return modules === 'esm' ? '.mjs' : '.cjs';
  const built = compiler?.noEmit === false && compiler.includes(resolve(directory, 'flamingock.config.ts'));
  return built ? '.mjs' : '.ts';
}
