import { unknownKeys } from '@flamingock/core/hosting';
import { type DynamicModule, Module } from '@nestjs/common';
import { FlamingockFeatureModule } from './feature/flamingock-feature.module.js';
import { FLAMINGOCK_ENTRANCE } from './flamingock.constants.js';
import { FlamingockCoreModule } from './flamingock-core.module.js';
import type {
  FlamingockFeatureOptions,
  FlamingockModuleAsyncOptions,
  FlamingockModuleOptions,
} from './flamingock-module-options.js';
import { nameProblems } from './instance-declaration.js';

const ASYNC_KEYS = [
  'name',
  'imports',
  'inject',
  'useFactory',
  'useClass',
  'useExisting',
  'provideInjectionTokensFrom',
];

/**
 * Runs the sequence while `NestFactory.create…` resolves providers: before any lifecycle hook, microservice
 * listener or port. A run that fails rejects the create call with its coded error.
 *
 * None of its methods throws: what they are given is judged when the application is created (`FLG_OPTION_…`).
 */
@Module({})
export class FlamingockModule {
  static forRoot({ name, ...options }: FlamingockModuleOptions): DynamicModule {
    const problems = nameProblems(name, 'FlamingockModule.forRoot()');
    return entrance(name, FlamingockCoreModule.of({ name, problems }, FlamingockCoreModule.forRoot(options)));
  }

  /** As {@link FlamingockModule.forRoot}, with options that are made of other providers. */
  static forRootAsync({ name, ...options }: FlamingockModuleAsyncOptions): DynamicModule {
    const where = 'FlamingockModule.forRootAsync()';
    const problems = [...unknownKeys(options, ASYNC_KEYS, where), ...nameProblems(name, where)];
    return entrance(
      name,
      FlamingockCoreModule.of({ name, problems }, FlamingockCoreModule.forRootAsync(options)),
    );
  }

  /**
   * Contributes the changes of a feature module to the one sequence. What they ask for is looked up in that module
   * first. Where its instance is not made anywhere, or has run already, creating the application fails with
   * `FLG_OPTION_INVALID`.
   *
   * @example
   * imports: [FlamingockModule.forFeature({ changes: [_0007__CreateInvoices] })]
   */
  static forFeature(options: FlamingockFeatureOptions): DynamicModule {
    return FlamingockFeatureModule.of(options);
  }
}

function entrance(name: string | undefined, core: DynamicModule): DynamicModule {
  return {
    module: FlamingockModule,
    imports: [core],
    providers: [{ provide: FLAMINGOCK_ENTRANCE, useValue: { name } }],
  };
}
