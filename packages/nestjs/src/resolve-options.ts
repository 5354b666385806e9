import { FlamingockError, type FlamingockOptions } from '@flamingock/core';
import type { Resolve } from './container/resolver.js';
import type { FlamingockModuleOptions } from './flamingock-module-options.js';
import { type FromContainer, isFromContainer } from './from-container.js';

/**
 * Puts the application's own instances in the place of each `fromContainer`. Everything else stays as it was
 * given: the engine judges it. Throws `FLG_OPTION_INVALID` for a token that nobody provides.
 */
export async function resolveOptions(
  options: Omit<FlamingockModuleOptions, 'resolutionTimeoutMs'>,
  resolve: Resolve,
): Promise<FlamingockOptions> {
  const supply = async <T>(value: T | FromContainer<T>, option: string): Promise<T> => {
    if (!isFromContainer(value)) return value;
    const found = await resolve(value.token, `the option ${option}`);
    if (found === undefined) throw notProvided(value.token, option);
    return value.make(found.value);
  };
  const [auditStore, targets, dependencies] = await Promise.all([
    supply(options.auditStore, 'auditStore'),
    Promise.all(
      // Spread, because plain JavaScript may leave it out.
      Object.entries({ ...options.targets }).map(
        async ([name, target]) => [name, await supply(target, `targets['${name}']`)] as const,
      ),
    ),
    Promise.all(
      (options.dependencies ?? []).map(async ({ token, value }, index) => ({
        token,
        value: await supply(value, `dependencies[${index}]`),
      })),
    ),
  ]);
  return { ...options, auditStore, targets: Object.fromEntries(targets), dependencies };
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
