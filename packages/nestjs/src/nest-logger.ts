import type { Logger } from '@flamingock/core';
import { Logger as NestLogger } from '@nestjs/common';

/** Writes through the application's own logger, under the context `Flamingock`. */
export function nestLogger(): Logger {
  const logger = new NestLogger('Flamingock');
  return {
    info: (message) => logger.log(message),
    warn: (message) => logger.warn(message),
    error: (message) => logger.error(message),
  };
}
