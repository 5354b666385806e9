import type { Flamingock } from '@flamingock/core';
import { runUntilSignal } from '@flamingock/core/hosting';
import { Logger } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';
import { createEngine } from './create-engine.js';
import type { Feature } from './feature/feature.js';
import type { FlamingockEngineOptions } from './flamingock-module-options.js';
import type { InstanceDeclaration } from './instance-declaration.js';
import { nestLogger } from './nest-logger.js';
import type { RunningEngines } from './running-engines.js';

export type StartFlamingock = typeof startFlamingock;

/**
 * Makes the engine of the application's own providers and runs it; resolves when the sequence is complete, and
 * rejects with the coded error of the engine otherwise. A signal that comes meanwhile waits for the current change:
 * Nest has no shutdown hooks yet while an application is created.
 */
export async function startFlamingock(
  options: FlamingockEngineOptions,
  declaration: InstanceDeclaration,
  features: readonly Feature[],
  modules: ModulesContainer,
  engines: RunningEngines,
): Promise<Flamingock> {
  return engines.start(
    () => createEngine(options, declaration, features, modules, engines.asked),
    (flamingock) =>
      runUntilSignal(flamingock, {
        logger: nestLogger(declaration.name),
        // With `bufferLogs` the lines of the run would die with the process.
        flush: () => {
          Logger.flush();
        },
      }),
  );
}
