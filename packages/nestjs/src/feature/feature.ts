import type { ChangeSource, FlamingockError } from '@flamingock/core';
import { unknownKeys } from '@flamingock/core/hosting';
import type { ModulesContainer } from '@nestjs/core';
import { FLAMINGOCK_FEATURE } from '../flamingock.constants.js';
import { given, isGiven, noOptions } from '../given-options.js';
import type { FlamingockFeatureOptions } from '../flamingock-module-options.js';
import { declaredName, nameProblems } from '../instance-declaration.js';

/** What one `forFeature` contributes. It is also the scope of its changes. */
export interface Feature extends Omit<FlamingockFeatureOptions, 'name'> {
  readonly name: string | undefined;
  /** What is wrong with it; told when the application is created, with everything else that is wrong. */
  readonly problems: readonly FlamingockError[];
}

const WHERE = 'FlamingockModule.forFeature()';

export function featureOf(options: FlamingockFeatureOptions): Feature {
  const { changes, name } = given(options);
  return Object.freeze({
    // What it is, the engine judges.
    changes: changes as ChangeSource,
    name: declaredName(name),
    problems: isGiven(options)
      ? [...unknownKeys(options, ['changes', 'name'], WHERE), ...nameProblems(name, WHERE)]
      : [noOptions(WHERE)],
  });
}

/** All features of an instance, wherever the application imports them. */
export function featuresOf(modules: ModulesContainer, name: string | undefined): readonly Feature[] {
  return [...modules.values()]
    .map(({ providers }) => providers.get(FLAMINGOCK_FEATURE)?.instance as Feature | undefined)
    .filter((feature): feature is Feature => feature !== undefined && feature.name === name);
}
