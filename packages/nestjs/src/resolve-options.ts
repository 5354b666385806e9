import { FlamingockError, type FlamingockOptions } from '@flamingock/core';
import type { Resolve } from './container/resolver.js';
import type { FlamingockModuleOptions } from './flamingock-module-options.js';
import { type FromContainer, isFromContainer } from './from-container.js';

/**
 * Puts the application's own instances in the place of each `fromContainer`. Everything else stays as it was
 * given: the engine judges it.
 */
export async function resolveOptions(
  options: Omit<FlamingockModuleOptions, 'resolutionTimeoutMs'>,
  resolve: Resolve,
): Promise<FlamingockOptions> {
  const supply = async <T>(value: T | FromContainer<T>, position: string): Promise<T> => {
    if (!isFromContainer(value)) return value;
    const found = await resolve(value.token, `the option ${position}`);
    if (found !== undefined) return value.make(found.value);
    throw new FlamingockError({
      code: 'FLG_OPTION_INVALID',
      message: `The option ${position} is made of ${nameOf(value.token)}, which no module of the application provides.`,
      hint: 'Add it to the providers of a module of the application.',
    });
  };
  const [auditStore, targets, dependencies] = await Promise.all([
    supply(options.auditStore, 'auditStore'),
    Promise.all(
      Object.entries(options.targets).map(
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

function nameOf(token: FromContainer<unknown>['token']): string {
  const key = typeof token === 'object' ? token.key : token;
  return typeof key === 'function' ? key.name : String(key);
}
