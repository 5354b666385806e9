import { FlamingockError, type Logger } from '@flamingock/core';
import type { ModuleLoader } from './module-loader.js';

/** Of `Reflect`, where reflect-metadata is loaded. */
interface WithMetadata {
  readonly getMetadataKeys?: (target: object) => readonly unknown[];
}

/** What of `@nestjs/core` is used. */
interface NestCore {
  readonly NestFactory: {
    createApplicationContext(module: unknown, options: object): Promise<unknown>;
  };
}

const MODULE_KEYS = ['imports', 'controllers', 'providers', 'exports'];

/** Tells whether something is a class with Nest's `@Module()`. */
export function isNestModule(value: unknown): value is object {
  if (typeof value !== 'function') return false;
  const keys = (Reflect as WithMetadata).getMetadataKeys?.(value) ?? [];
  return keys.some((key) => MODULE_KEYS.includes(String(key)));
}

/** Builds the application's own context: nothing listens, and no microservice consumes. Its lines go to the logger. */
export async function createNestContext(
  module: object,
  loader: ModuleLoader,
  logger: Logger,
): Promise<unknown> {
  const found = loader.resolve('@nestjs/core');
  if (found === undefined)
    throw new FlamingockError({
      code: 'FLG_APPLICATION_INVALID',
      message: 'The application is a Nest module, and @nestjs/core is not found from there.',
      hint: 'Install it in the project of the application.',
    });
  const { NestFactory } = (await import(/* webpackIgnore: true */ found)) as NestCore;
  return NestFactory.createApplicationContext(module, { logger: nestLogger(logger), abortOnError: false });
}

/** Of Nest's own chatter only what is wrong; of the engine everything. */
function nestLogger(logger: Logger): object {
  const quiet = (): void => undefined;
  return {
    log: (message: unknown, ...rest: readonly unknown[]) => {
      if (rest.at(-1) === 'Flamingock') logger.info(String(message));
    },
    debug: quiet,
    verbose: quiet,
    warn: (message: unknown) => {
      logger.warn(String(message));
    },
    error: (message: unknown) => {
      logger.error(String(message));
    },
    fatal: (message: unknown) => {
      logger.error(String(message));
    },
  };
}
