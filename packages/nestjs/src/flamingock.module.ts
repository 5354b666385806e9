import { type DynamicModule, Module } from '@nestjs/common';
import { FLAMINGOCK_ENTRANCE } from './flamingock.constants.js';
import { FlamingockCoreModule } from './flamingock-core.module.js';
import type { FlamingockModuleAsyncOptions, FlamingockModuleOptions } from './flamingock-module-options.js';

/**
 * Runs the sequence while `NestFactory.create…` resolves providers: before any lifecycle hook, microservice
 * listener or port. A run that fails rejects the create call with its coded error.
 */
@Module({ providers: [{ provide: FLAMINGOCK_ENTRANCE, useValue: true }] })
export class FlamingockModule {
  /** Throws nothing itself: options are judged when the application is created (`FLG_OPTION_…`). */
  static forRoot(options: FlamingockModuleOptions): DynamicModule {
    return { module: FlamingockModule, imports: [FlamingockCoreModule.forRoot(options)] };
  }

  /** As {@link FlamingockModule.forRoot}, with options that are made of other providers. */
  static forRootAsync(options: FlamingockModuleAsyncOptions): DynamicModule {
    return { module: FlamingockModule, imports: [FlamingockCoreModule.forRootAsync(options)] };
  }
}
