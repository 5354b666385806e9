import type { Logger } from '@flamingock/core';
import { consoleLogger } from '@flamingock/core';
import type { FastifyBaseLogger } from 'fastify';

/** Writes through the application's own logger; each line says that it is Flamingock's. */
export function fastifyLogger(log: FastifyBaseLogger, name: string | undefined): Logger {
  if (isNobody(log)) return consoleLogger;
  const own = log.child({ plugin: 'flamingock', ...(name === undefined ? {} : { instance: name }) });
  return {
    info: (message) => {
      own.info(message);
    },
    warn: (message) => {
      own.warn(message);
    },
    error: (message) => {
      own.error(message);
    },
  };
}

/**
 * Made without a logger, Fastify has one whose methods are one empty function. Through it a run in the background would
 * end the process without a word.
 */
function isNobody(log: FastifyBaseLogger): boolean {
  return log.info === log.error;
}
