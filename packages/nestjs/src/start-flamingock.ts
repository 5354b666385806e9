import { createFlamingock, type Flamingock } from '@flamingock/core';
import type { ModulesContainer } from '@nestjs/core';
import { nestContainer } from './container/nest-container.js';
import { resolver } from './container/resolver.js';
import type { FlamingockModuleOptions } from './flamingock-module-options.js';
import { nestLogger } from './nest-logger.js';
import { resolveOptions } from './resolve-options.js';
import { runUntilSignal } from './run-until-signal.js';

/** Makes the engine of the application's own providers and runs it; resolves when the sequence is complete. */
export async function startFlamingock(
  { resolutionTimeoutMs = 60_000, ...options }: FlamingockModuleOptions,
  modules: ModulesContainer,
): Promise<Flamingock> {
  const resolve = resolver(modules, resolutionTimeoutMs);
  const logger = nestLogger();
  const flamingock = createFlamingock({
    ...(await resolveOptions(options, resolve)),
    container: nestContainer(modules, resolve),
    logger,
  });
  await runUntilSignal(flamingock, logger);
  return flamingock;
}
