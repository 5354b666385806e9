import { createFlamingock, type Flamingock, FlamingockError } from '@flamingock/core';
import type { ModulesContainer } from '@nestjs/core';
import { nestContainer } from './container/nest-container.js';
import { resolver } from './container/resolver.js';
import type { FlamingockModuleOptions } from './flamingock-module-options.js';
import { nestLogger } from './nest-logger.js';
import { resolveOptions } from './resolve-options.js';
import { runUntilSignal } from './run-until-signal.js';

/**
 * Makes the engine of the application's own providers and runs it; resolves when the sequence is complete, and
 * rejects with the coded error of the engine otherwise.
 */
export async function startFlamingock(
  options: FlamingockModuleOptions,
  modules: ModulesContainer,
): Promise<Flamingock> {
  const flamingock = await create(options, modules);
  await runUntilSignal(flamingock);
  return flamingock;
}

async function create(
  { resolutionTimeoutMs = 60_000, ...options }: FlamingockModuleOptions,
  modules: ModulesContainer,
): Promise<Flamingock> {
  if (!(resolutionTimeoutMs > 0)) {
    throw new FlamingockError({
      code: 'FLG_OPTION_INVALID',
      message: `resolutionTimeoutMs (${resolutionTimeoutMs}) must be a positive number of milliseconds.`,
      hint: 'Leave it out for the default.',
    });
  }
  const resolve = resolver(modules, resolutionTimeoutMs);
  return createFlamingock({
    ...(await resolveOptions(options, resolve)),
    container: nestContainer(modules, resolve),
    logger: nestLogger(),
  });
}
