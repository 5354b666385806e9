import type { FlamingockError } from '@flamingock/core';
import { unknownKeys } from '@flamingock/core/hosting';
import type { ModulesContainer } from '@nestjs/core';
import { FLAMINGOCK_FEATURE } from '../flamingock.constants.js';
import type { FlamingockFeatureOptions } from '../flamingock-module-options.js';
import { nameProblems } from '../instance-declaration.js';

/** What one `forFeature` contributes. It is also the scope of its changes. */
export interface Feature extends FlamingockFeatureOptions {
  /** What is wrong with it; told when the application is created, with everything else that is wrong. */
  readonly problems: readonly FlamingockError[];
}

const WHERE = 'FlamingockModule.forFeature()';

export function featureOf(options: FlamingockFeatureOptions): Feature {
  const problems = [
    ...unknownKeys(options, ['changes', 'name'], WHERE),
    ...nameProblems(options.name, WHERE),
  ];
  return Object.freeze({ ...options, problems });
}

/** All features of an instance, wherever the application imports them. */
export function featuresOf(modules: ModulesContainer, name: string | undefined): readonly Feature[] {
  return [...modules.values()]
    .map(({ providers }) => providers.get(FLAMINGOCK_FEATURE)?.instance as Feature | undefined)
    .filter((feature): feature is Feature => feature !== undefined && feature.name === name);
}
