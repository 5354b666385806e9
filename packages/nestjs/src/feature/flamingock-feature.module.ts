import { type DynamicModule, Module } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { FLAMINGOCK_FEATURE, FLAMINGOCK_FEATURE_CHECK } from '../flamingock.constants.js';
import type { FlamingockFeatureOptions } from '../flamingock-module-options.js';
import { checkFeature } from './check-feature.js';
import { featureOf } from './feature.js';

/** Says what a feature contributes, to whoever looks through the modules for it. Who imports it is its scope. */
@Module({})
export class FlamingockFeatureModule {
  static of(options: FlamingockFeatureOptions): DynamicModule {
    return {
      module: FlamingockFeatureModule,
      providers: [
        { provide: FLAMINGOCK_FEATURE, useValue: featureOf(options) },
        {
          provide: FLAMINGOCK_FEATURE_CHECK,
          useFactory: checkFeature,
          inject: [FLAMINGOCK_FEATURE, ModulesContainer],
        },
      ],
    };
  }
}
