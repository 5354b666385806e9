import type { Flamingock } from '@flamingock/core';
import { readinessAnswer } from '@flamingock/core/hosting';
import type { Handler } from './express-application.js';
import { sendAnswer } from './send-answer.js';

type Engine = Pick<Flamingock, 'readiness'>;

/**
 * Answers a readiness probe: 200 when the changes of all engines are applied, 503 otherwise. Reads memory, never the audit
 * store, and tells no secret.
 *
 * @param engines one engine, which appears as `flamingock`; or several by the names under which they appear
 *
 * @example
 * app.get('/health/ready', readinessHandler({ orders, billing }));
 */
export function readinessHandler(engines: Engine | Readonly<Record<string, Engine>>): Handler {
  const named = isEngine(engines) ? { flamingock: engines } : engines;
  return (_request, response) => {
    const states = Object.entries(named).map(([name, engine]) => [name, engine.readiness()] as const);
    sendAnswer(response, readinessAnswer(Object.fromEntries(states)));
  };
}

function isEngine(engines: Engine | Readonly<Record<string, Engine>>): engines is Engine {
  return typeof engines.readiness === 'function';
}
