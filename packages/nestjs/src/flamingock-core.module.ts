import type { Flamingock } from '@flamingock/core';
import { ConfigurableModuleBuilder, Global, Module, type OnModuleDestroy } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { FlamingockModuleOptions } from './flamingock-module-options.js';
import { FLAMINGOCK } from './flamingock.constants.js';
import { InjectFlamingock } from './flamingock.decorators.js';
import { startFlamingock } from './start-flamingock.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } =
  new ConfigurableModuleBuilder<FlamingockModuleOptions>({
    moduleName: 'Flamingock',
  })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createFlamingockOptions')
    .build();

/**
 * Holds the engine, for the whole application. Apart from `FlamingockModule`, because a global module counts as
 * imported by every module, and the one that imports Flamingock must stay known: changes see what it sees.
 */
@Global()
@Module({
  providers: [
    {
      provide: FLAMINGOCK,
      // Nest awaits asynchronous providers before anything else: this is what holds the start until the run is over.
      useFactory: startFlamingock,
      inject: [MODULE_OPTIONS_TOKEN, ModulesContainer],
    },
  ],
  exports: [FLAMINGOCK],
})
export class FlamingockCoreModule extends ConfigurableModuleClass implements OnModuleDestroy {
  constructor(@InjectFlamingock() private readonly flamingock: Flamingock) {
    super();
  }

  async onModuleDestroy(): Promise<void> {
    await this.flamingock.close();
  }
}
