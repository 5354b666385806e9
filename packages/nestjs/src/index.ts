/**
 * Flamingock for NestJS: the application starts only when its changes are applied.
 *
 * @packageDocumentation
 */
export { FlamingockModule } from './flamingock.module.js';
export type {
  FlamingockEngineOptions,
  FlamingockFeatureOptions,
  FlamingockModuleAsyncOptions,
  FlamingockModuleOptions,
  FlamingockOptionsFactory,
} from './flamingock-module-options.js';
export { getFlamingockToken, InjectFlamingock } from './flamingock.decorators.js';
export { fromContainer } from './from-container.js';
export type { FromContainer } from './from-container.js';
