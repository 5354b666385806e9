import {
  type AuditStore,
  type Dependency,
  FlamingockError,
  type FlamingockOptions,
  isFlamingockError,
  memoryAuditStore,
  memoryTarget,
  type Target,
} from '@flamingock/core';
import type { Resolve } from './container/resolver.js';
import type { Feature } from './feature/feature.js';
import type { FlamingockEngineOptions } from './flamingock-module-options.js';
import { type FromContainer, isFromContainer } from './from-container.js';
import { isGiven } from './given-options.js';

/** Options for the engine; where there are problems, with something harmless in the place of what is missing. */
interface ResolvedOptions {
  readonly options: FlamingockOptions;
  readonly problems: readonly FlamingockError[];
}

/**
 * Puts the application's own instances in the place of each `fromContainer`, and the changes of all features into the
 * sequence. Everything else stays as it was given: the engine judges it.
 */
export async function resolveOptions(
  { changes, ...options }: Omit<FlamingockEngineOptions, 'resolutionTimeoutMs'>,
  features: readonly Feature[],
  resolve: Resolve,
): Promise<ResolvedOptions> {
  const problems: FlamingockError[] = [];
  const supply: Supply = async (value, option, standIn) => {
    if (!isFromContainer(value)) return value;
    try {
      const found = await resolve({ token: value.token, asker: `the option ${option}` });
      if (found === undefined) throw notProvided(value.token, option);
      return value.make(found.value);
    } catch (error) {
      if (!isFlamingockError(error)) throw error;
      problems.push(error);
      return standIn();
    }
  };
  const [auditStore, targets, dependencies] = await Promise.all([
    supply<AuditStore>(options.auditStore, 'auditStore', memoryAuditStore),
    suppliedTargets(options.targets, supply),
    suppliedDependencies(options.dependencies, supply),
  ]);
  return {
    options: {
      ...options,
      auditStore,
      targets,
      ...(dependencies === undefined ? {} : { dependencies }),
      changes: sequence(changes, features),
    },
    problems,
  };
}

type Supply = <T>(value: T | FromContainer<T>, option: string, standIn: () => T) => Promise<T>;

async function suppliedTargets(
  targets: FlamingockEngineOptions['targets'],
  supply: Supply,
): Promise<FlamingockOptions['targets']> {
  if (!isGiven(targets)) return targets;
  const supplied = Object.entries(targets).map(
    async ([name, target]) =>
      [name, await supply<Target>(target, `targets['${name}']`, memoryTarget)] as const,
  );
  return Object.fromEntries(await Promise.all(supplied));
}

async function suppliedDependencies(
  dependencies: FlamingockEngineOptions['dependencies'],
  supply: Supply,
): Promise<FlamingockOptions['dependencies']> {
  if (!Array.isArray(dependencies)) return dependencies;
  const supplied = (dependencies as readonly Dependency[]).map(async (dependency, index) =>
    isGiven(dependency) && isFromContainer(dependency.value)
      ? { ...dependency, value: await supply(dependency.value, `dependencies[${index}]`, () => undefined) }
      : dependency,
  );
  return Promise.all(supplied);
}

/** Without features it is what was given, so that the engine judges that. */
function sequence(
  changes: FlamingockEngineOptions['changes'],
  features: readonly Feature[],
): FlamingockOptions['changes'] {
  if (features.length === 0) return changes as FlamingockOptions['changes'];
  return [
    ...(changes === undefined ? [] : [{ changes }]),
    ...features.map((feature) => ({ changes: feature.changes, scope: feature })),
  ];
}

function notProvided(token: FromContainer<unknown>['token'], option: string): FlamingockError {
  const key = typeof token === 'object' ? token.key : token;
  const name = typeof key === 'function' ? key.name : String(key);
  return new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message: `The option ${option} is made of ${name}, which no module of the application provides.`,
    hint: 'Add it to the providers of a module of the application.',
  });
}
