import { nearest } from '@flamingock/core/desk';
import type { CommandLineConfig, EnvironmentConfig } from './config.js';

const KEYS: readonly (keyof CommandLineConfig)[] = [
  'service',
  'tenant',
  'environments',
  'auditStore',
  'targets',
  'dependencies',
  'changes',
  'changesLock',
  'application',
  'outOfOrder',
  'effectFree',
  'lock',
  'storeTimeoutMs',
  'runDeadlineMs',
  'abortGraceMs',
  'shutdownGraceMs',
  'applicationVersion',
];

const ENVIRONMENT_KEYS: readonly (keyof EnvironmentConfig)[] = ['disposable', 'secrets', 'outOfOrder'];

/** What is wrong with a configuration, and the way out. */
export interface ConfigProblem {
  readonly what: string;
  readonly hint: string;
}

/** The first thing that is wrong with the shape of a configuration. What the engine takes, it checks itself. */
export function configProblem(config: unknown): ConfigProblem | undefined {
  if (!isRecord(config))
    return { what: 'it exports no configuration.', hint: 'Write `export default defineConfig({ … })`.' };
  return (
    strayKey(config, KEYS, '') ??
    missingPart(config) ??
    environmentsProblem(config['environments'] as Readonly<Record<string, unknown>>) ??
    wrongPart(config)
  );
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function missingPart({
  service,
  environments,
  auditStore,
}: Record<string, unknown>): ConfigProblem | undefined {
  if (typeof service !== 'string' || service === '')
    return { what: 'service is missing.', hint: 'Give the name under which the ledger is kept.' };
  if (!isRecord(environments) || Array.isArray(environments) || Object.keys(environments).length === 0)
    return {
      what: 'environments is missing.',
      hint: 'List them: environments: { production: {}, local: {} }.',
    };
  if (typeof auditStore !== 'function')
    return {
      what: 'auditStore is no function.',
      hint: 'Write auditStore: ({ open, secret }) => sqlAuditStore(…).',
    };
  return undefined;
}

/** Whatever is mistyped here would be taken for its default: rights that an environment was never given, or not. */
function environmentsProblem(environments: Readonly<Record<string, unknown>>): ConfigProblem | undefined {
  for (const [name, environment] of Object.entries(environments)) {
    const where = `environments['${name}']`;
    if (!isRecord(environment) || Array.isArray(environment))
      return { what: `${where} is no object.`, hint: `Write '${name}': {}, or what it differs in.` };
    const stray = strayKey(environment, ENVIRONMENT_KEYS, ` of ${where}`);
    if (stray !== undefined) return stray;
    const { secrets = {} } = environment;
    if (!isRecord(secrets) || Object.values(secrets).some((variable) => typeof variable !== 'string'))
      return {
        what: `secrets of ${where} are no names of environment variables.`,
        hint: "Write secrets: { database: 'DATABASE_URL' }.",
      };
  }
  return undefined;
}

function wrongPart(config: Readonly<Record<string, unknown>>): ConfigProblem | undefined {
  const { application, targets, dependencies, changes } = config;
  for (const part of ['targets', 'dependencies'])
    if (config[part] !== undefined && typeof config[part] !== 'function')
      return {
        what: `${part} is no function.`,
        hint: `Write ${part}: ({ open, secret }) => …, or leave it out.`,
      };
  for (const part of ['application', 'changesLock'])
    if (config[part] !== undefined && (typeof config[part] !== 'string' || config[part] === ''))
      return {
        what: `${part} is no path.`,
        hint: 'Write it from where the configuration stands, or leave it out.',
      };
  if (application !== undefined && [targets, dependencies, changes].some((part) => part !== undefined))
    return {
      what: 'application stands beside targets, dependencies or changes.',
      hint: 'The application supplies those: leave one or the other out.',
    };
  return undefined;
}

function strayKey(
  given: Readonly<Record<string, unknown>>,
  known: readonly string[],
  where: string,
): ConfigProblem | undefined {
  const stray = Object.keys(given).find((key) => !known.includes(key));
  if (stray === undefined) return undefined;
  const similar = nearest(stray, known);
  return {
    what: `the key '${stray}'${where} is not known.`,
    hint: `${similar === undefined ? '' : `Did you mean '${similar}'? `}Known: ${known.join(', ')}.`,
  };
}
