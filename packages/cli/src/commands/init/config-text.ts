import { relative, sep } from 'node:path';
import { importLine } from '../../sources/import-line.js';
import type { InitPlan } from './plan.js';

/** The first configuration of a project: one client for the ledger and the changes, and several environments. */
export function configText(plan: InitPlan): string {
  const { database, service, targetSystem, changeFolder, directory, configExtension } = plan;
  const { driver, connects, store, target, adapter, make, close, take } = database;
  const typed = configExtension === '.ts';
  const syntax = configExtension === '.cjs' ? 'commonjs' : 'esm';
  const awaited = connects ? 'await database(context)' : 'database(context)';
  const client = take === undefined ? awaited : take(`(${awaited})`);
  const maker = connects ? 'async (context) =>' : '(context) =>';
  // Node does not see the names that pg exports as CommonJS, unless it is recent.
  const whole = configExtension === '.mjs' && driver.module === 'pg';
  const lines = [
    importLine(typed ? ['defineConfig', 'type ConfigContext'] : ['defineConfig'], '@flamingock/cli', syntax),
    importLine([store, target], adapter, syntax),
    importLine(whole ? 'pg' : driver.isDefault ? driver.name : [driver.name], driver.module, syntax),
    '',
    '// One client for the ledger and for the changes, so that they share transactions.',
    ...(typed ? [] : ["/** @param {import('@flamingock/cli').ConfigContext} context */"]),
    `const database = ({ open, secret }${typed ? ': ConfigContext' : ''}) =>`,
    '  open(',
    "    'database',",
    `    () => ${make(whole ? `pg.${driver.name}` : driver.name, "secret('database')")},`,
    `    (client) => client.${close}(),`,
    '  );',
    '',
    `${syntax === 'esm' ? 'export default' : 'module.exports ='} defineConfig({`,
    `  service: '${service}',`,
    '  // Secrets are names of environment variables, never values.',
    '  environments: {',
    ...environments(plan),
    '  },',
    `  auditStore: ${maker} ${store}(${client}),`,
    `  targets: ${maker} ({ '${targetSystem}': ${target}(${client}) }),`,
    `  changes: { directory: './${relative(directory, changeFolder).split(sep).join('/')}' },`,
    '});',
  ];
  return `${lines.join('\n')}\n`;
}

function environments({ environments: names, database: { variable } }: InitPlan): readonly string[] {
  return names.map((name, index) =>
    index === 0
      ? `    ${keyOf(name)}: { disposable: true, secrets: { database: '${variable}' } },`
      : `    ${keyOf(name)}: { secrets: { database: '${secretVariable(name, variable)}' } },`,
  );
}

/** The variable with the address of an environment; the first one has the usual name. */
function secretVariable(environment: string, variable: string): string {
  return `${environment.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_${variable}`;
}

function keyOf(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`;
}
