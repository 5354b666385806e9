import { unknownKeys } from '@flamingock/core/hosting';
import { type DynamicModule, Module } from '@nestjs/common';
import { FlamingockFeatureModule } from './feature/flamingock-feature.module.js';
import { FLAMINGOCK_ENTRANCE } from './flamingock.constants.js';
import { FlamingockCoreModule } from './flamingock-core.module.js';
import type {
  FlamingockEngineOptions,
  FlamingockFeatureOptions,
  FlamingockModuleAsyncOptions,
  FlamingockModuleOptions,
} from './flamingock-module-options.js';
import { given, isGiven, sourceProblems } from './given-options.js';
import { withAskedFactory } from './options-factory.js';
import { declaredName, type InstanceDeclaration, nameProblems } from './instance-declaration.js';

const ROOT = 'FlamingockModule.forRoot()';
const ROOT_ASYNC = 'FlamingockModule.forRootAsync()';
/** In the place of a source that Nest could not use: it makes no options, which is told of. */
const NO_SOURCE = { useFactory: () => undefined as never };
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
  static forRoot(options: FlamingockModuleOptions): DynamicModule {
    const { name, ...engine } = given(options);
    const declaration = { name: declaredName(name), where: ROOT, problems: nameProblems(name, ROOT) };
    return entrance(
      FlamingockCoreModule.forRoot(isGiven(options) ? (engine as FlamingockEngineOptions) : options),
      declaration,
    );
  }

  /** As {@link FlamingockModule.forRoot}, with options that are made of other providers. */
  static forRootAsync(options: FlamingockModuleAsyncOptions): DynamicModule {
    const { name, ...source } = given(options);
    const unusable = isGiven(options) ? sourceProblems(source, ROOT_ASYNC) : [];
    const problems = [
      ...unknownKeys(source, ASYNC_KEYS, ROOT_ASYNC),
      ...nameProblems(name, ROOT_ASYNC),
      ...unusable,
    ];
    const isUsable = isGiven(options) && unusable.length === 0;
    const made = FlamingockCoreModule.forRootAsync(isUsable ? source : NO_SOURCE);
    return entrance(isUsable && source.useFactory === undefined ? withAskedFactory(made) : made, {
      name: declaredName(name),
      where: ROOT_ASYNC,
      problems,
    });
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

/** @param options the dynamic module that provides the options of the engine */
function entrance(options: DynamicModule, declaration: InstanceDeclaration): DynamicModule {
  return {
    module: FlamingockModule,
    imports: [FlamingockCoreModule.of(declaration, options)],
    providers: [{ provide: FLAMINGOCK_ENTRANCE, useValue: { name: declaration.name } }],
  };
}
