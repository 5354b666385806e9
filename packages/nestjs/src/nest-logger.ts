import type { Logger } from '@flamingock/core';
import { Logger as NestLogger } from '@nestjs/common';

/**
 * Writes through the application's own logger, under the context `Flamingock`.
 *
 * @param name of the instance, which becomes part of the context
 */
export function nestLogger(name: string | undefined): Logger {
  const logger = new NestLogger(name === undefined ? 'Flamingock' : `Flamingock:${name}`);
  return {
    info: (message) => logger.log(message),
    warn: (message) => logger.warn(message),
    error: (message) => logger.error(message),
  };
}
