import { FlamingockError } from '@flamingock/core';
import type { DynamicModule, FactoryProvider, Provider } from '@nestjs/common';
import type { FlamingockEngineOptions, FlamingockOptionsFactory } from './flamingock-module-options.js';
import { FLAMINGOCK_OPTIONS } from './flamingock.constants.js';

/** The module of `useClass` or `useExisting`, which asks whether what it got makes options: Nest just calls it. */
export function withAskedFactory(module: DynamicModule): DynamicModule {
  const { providers = [] } = module;
  return {
    ...module,
    providers: providers.map((one) => (makesOptions(one) ? { ...one, useFactory: optionsOf } : one)),
  };
}

function makesOptions(provider: Provider): provider is FactoryProvider {
  return 'provide' in provider && provider.provide === FLAMINGOCK_OPTIONS && 'useFactory' in provider;
}

/** Throws `FLG_OPTION_INVALID`. */
async function optionsOf(
  factory: Partial<FlamingockOptionsFactory> | undefined,
): Promise<FlamingockEngineOptions> {
  if (typeof factory?.createFlamingockOptions === 'function') return factory.createFlamingockOptions();
  const name = factory?.constructor.name;
  throw new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message: `FlamingockModule.forRootAsync(): ${name === undefined ? 'what useExisting names' : `the class ${name}`} has no method createFlamingockOptions.`,
    hint: 'Let the class of useClass or useExisting implement FlamingockOptionsFactory, or pass a function as useFactory.',
  });
}
