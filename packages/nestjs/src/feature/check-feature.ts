import { FlamingockError } from '@flamingock/core';
import { throwProblems } from '@flamingock/core/hosting';
import type { ModulesContainer } from '@nestjs/core';
import { FLAMINGOCK_FEATURES } from '../flamingock.constants.js';
import { instanceName, instancesNamed } from '../instance-declaration.js';
import type { Feature } from './feature.js';

/**
 * Throws `FLG_OPTION_INVALID` where the changes of a feature would be left out in silence: nobody makes its instance, or
 * its module was loaded (`LazyModuleLoader`) when the sequence was complete already.
 */
export function checkFeature(feature: Feature, modules: ModulesContainer): true {
  const [instance] = instancesNamed(modules, feature.name);
  if (instance === undefined) {
    // Otherwise the instance tells them.
    throwProblems(feature.problems);
    throw new FlamingockError({
      code: 'FLG_OPTION_INVALID',
      message: `FlamingockModule.forFeature() contributes changes to ${instanceName(feature.name)}, which no module makes.`,
      hint: 'Import FlamingockModule.forRoot() of that name in the root module, or correct the name; in a test of the feature alone, use withoutFlamingock() of @flamingock/nestjs/testing.',
    });
  }
  // Not there yet where this comes first; then all modules are known, and the instance will find this one.
  const taken = instance.providers.get(FLAMINGOCK_FEATURES)?.instance as
    readonly Feature[] | null | undefined;
  if (taken?.includes(feature) === false) {
    throw new FlamingockError({
      code: 'FLG_OPTION_INVALID',
      message: `FlamingockModule.forFeature() contributes changes to ${instanceName(feature.name)}, which has run already: its module was loaded afterwards.`,
      hint: 'Import the module where the application is created, or move its changes out of what is loaded lazily.',
    });
  }
  return true;
}
