import type { Flamingock } from '@flamingock/core';
import {
  ConfigurableModuleBuilder,
  type DynamicModule,
  Global,
  Inject,
  Module,
  type OnModuleDestroy,
} from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { featuresOf } from './feature/feature.js';
import type { FlamingockEngineOptions } from './flamingock-module-options.js';
import {
  FLAMINGOCK_FEATURES,
  FLAMINGOCK_INSTANCE,
  FLAMINGOCK_OPTIONS,
  FLAMINGOCK_START,
} from './flamingock.constants.js';
import { getFlamingockToken } from './flamingock.decorators.js';
import type { InstanceDeclaration } from './instance-declaration.js';
import { RunningEngines, RunningEnginesModule } from './running-engines.js';
import { startFlamingock, type StartFlamingock } from './start-flamingock.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } =
  new ConfigurableModuleBuilder<FlamingockEngineOptions>({
    moduleName: 'Flamingock',
    optionsInjectionToken: FLAMINGOCK_OPTIONS,
  })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createFlamingockOptions')
    .build();

const ENGINE = 'FLAMINGOCK_ENGINE';

/**
 * Holds the engine of one instance, for the whole application. Apart from `FlamingockModule`, because a global module
 * counts as imported by every module, and the one that imports Flamingock must stay known: changes see what it sees.
 */
@Global()
@Module({})
export class FlamingockCoreModule extends ConfigurableModuleClass implements OnModuleDestroy {
  /**
   * @param options the dynamic module that provides the options of the engine
   */
  static of(declaration: InstanceDeclaration, options: DynamicModule): DynamicModule {
    const token = getFlamingockToken(declaration.name);
    return {
      ...options,
      imports: [...(options.imports ?? []), RunningEnginesModule],
      providers: [
        ...(options.providers ?? []),
        { provide: FLAMINGOCK_INSTANCE, useValue: declaration },
        { provide: FLAMINGOCK_START, useValue: startFlamingock },
        {
          provide: FLAMINGOCK_FEATURES,
          useFactory: (modules: ModulesContainer) => featuresOf(modules, declaration.name),
          inject: [ModulesContainer],
        },
        {
          provide: token,
          // Nest awaits asynchronous providers before anything else: this holds the start until the run is over.
          useFactory: (start: StartFlamingock, ...parts: Parameters<StartFlamingock>) => start(...parts),
          inject: [
            FLAMINGOCK_START,
            MODULE_OPTIONS_TOKEN,
            FLAMINGOCK_INSTANCE,
            FLAMINGOCK_FEATURES,
            ModulesContainer,
            RunningEngines,
          ],
        },
        { provide: ENGINE, useExisting: token },
      ],
      exports: [token],
    };
  }

  constructor(@Inject(ENGINE) private readonly flamingock: Flamingock) {
    super();
  }

  async onModuleDestroy(): Promise<void> {
    await this.flamingock.close();
  }
}
