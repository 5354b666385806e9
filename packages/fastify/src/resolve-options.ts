import { type Dependency, FlamingockError } from '@flamingock/core';
import type { FastifyInstance } from 'fastify';
import type { FlamingockPluginOptions, ResolvedOptions } from './flamingock-plugin-options.js';
import { type FromDecorator, isFromDecorator } from './from-decorator.js';

/**
 * Puts what the application is decorated with in the place of each `fromDecorator`. Everything else stays as it was
 * given: the engine judges it. Throws `FLG_OPTION_INVALID` for a decorator that is not there.
 */
export function resolveOptions(
  options: Omit<FlamingockPluginOptions, 'name'>,
  app: FastifyInstance,
): ResolvedOptions {
  const supply = <T>(value: T | FromDecorator<T>, option: string): T => {
    if (!isFromDecorator(value)) return value;
    return value.make(decoratorOf(app, value.decorator, option));
  };
  const { auditStore, targets, dependencies } = options;
  return {
    ...options,
    auditStore: supply(auditStore, 'auditStore'),
    targets: isRecord(targets)
      ? Object.fromEntries(
          Object.entries(targets).map(([name, target]) => [name, supply(target, `targets['${name}']`)]),
        )
      : targets,
    ...(Array.isArray(dependencies) ? { dependencies: suppliedIn(dependencies, supply) } : {}),
  };
}

function suppliedIn(
  dependencies: readonly Dependency[],
  supply: (value: unknown, option: string) => unknown,
): readonly Dependency[] {
  return dependencies.map(({ token, value }, index) => ({
    token,
    value: supply(value, `dependencies[${index}]`),
  }));
}

function decoratorOf(app: FastifyInstance, decorator: string | symbol, option: string): unknown {
  const path = typeof decorator === 'symbol' ? [decorator] : decorator.split('.');
  let found: unknown = app;
  for (const name of path) {
    found = isRecord(found) ? found[name] : undefined;
    if (found === undefined || found === null) throw notDecorated(decorator, name, option);
  }
  return found;
}

function isRecord(value: unknown): value is Readonly<Record<string | symbol, unknown>> {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function notDecorated(decorator: string | symbol, missing: string | symbol, option: string): FlamingockError {
  const there =
    decorator === missing ? 'which the application does not have' : `in which there is no ${quoted(missing)}`;
  return new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message: `flamingock(): ${option} is made of the decorator ${quoted(decorator)}, ${there}.`,
    hint: 'Register the plugin that adds it before flamingock, on the same instance of Fastify or on one around it.',
  });
}

function quoted(name: string | symbol): string {
  return `'${String(name)}'`;
}
