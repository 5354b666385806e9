import {
  createFlamingock,
  type Flamingock,
  FlamingockError,
  type FlamingockOptions,
  isFlamingockError,
} from '@flamingock/core';
import { throwProblems } from '@flamingock/core/hosting';
import type { ModulesContainer } from '@nestjs/core';
import type { AskedProviders } from './container/asked-providers.js';
import { nestContainer } from './container/nest-container.js';
import { resolver } from './container/resolver.js';
import type { Feature } from './feature/feature.js';
import type { FlamingockEngineOptions } from './flamingock-module-options.js';
import { isGiven, noOptions } from './given-options.js';
import { type InstanceDeclaration, sharedName } from './instance-declaration.js';
import { nestLogger } from './nest-logger.js';
import { resolveOptions } from './resolve-options.js';

/** Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`, all problems together. */
export async function createEngine(
  given: FlamingockEngineOptions,
  declaration: InstanceDeclaration,
  features: readonly Feature[],
  modules: ModulesContainer,
  asked: AskedProviders,
): Promise<Flamingock> {
  const { name } = declaration;
  const declared = [
    ...sharedName(modules, name),
    ...declaration.problems,
    ...features.flatMap((feature) => feature.problems),
  ];
  if (!isGiven(given)) throwProblems(declared.length > 0 ? declared : [noOptions(declaration.where)]);
  const { resolutionTimeoutMs = 60_000, ...options } = given;
  const resolve = resolver(modules, asked, name, resolutionTimeoutMs);
  const resolved = await resolveOptions(options, features, resolve);
  const { flamingock, problems } = engineOf({
    ...resolved.options,
    container: nestContainer(modules, resolve),
    logger: nestLogger(name),
  });
  throwProblems([
    ...declared,
    ...timeoutProblems(resolutionTimeoutMs),
    ...refusedKeys(options),
    ...resolved.problems,
    ...problems,
  ]);
  return flamingock as Flamingock;
}

function engineOf(options: FlamingockOptions): {
  readonly flamingock?: Flamingock;
  readonly problems: readonly FlamingockError[];
} {
  try {
    return { flamingock: createFlamingock(options), problems: [] };
  } catch (error) {
    if (!isFlamingockError(error)) throw error;
    return { problems: error.problems.length > 0 ? error.problems : [error] };
  }
}

function timeoutProblems(resolutionTimeoutMs: unknown): readonly FlamingockError[] {
  if (typeof resolutionTimeoutMs === 'number' && resolutionTimeoutMs > 0) return [];
  return [
    new FlamingockError({
      code: 'FLG_OPTION_INVALID',
      message: `resolutionTimeoutMs (${String(resolutionTimeoutMs)}) must be a positive number of milliseconds.`,
      hint: 'Leave it out for the default.',
    }),
  ];
}

/** What the module sets itself, for those whom no compiler tells. */
function refusedKeys(options: object): readonly FlamingockError[] {
  const hints = {
    container: 'Leave it out: it is Nest.',
    logger: 'Leave it out: lines go through the logger of the application.',
  };
  return Object.entries(hints)
    .filter(([key]) => key in options)
    .map(
      ([key, hint]) =>
        new FlamingockError({
          code: 'FLG_OPTION_UNKNOWN',
          message: `FlamingockModule does not know the option '${key}'.`,
          hint,
        }),
    );
}
