import type { Flamingock } from '@flamingock/core';
import { createGate, type Gate, type GateOptions } from '@flamingock/core/hosting';
import type { Handler } from './express-application.js';
import { sendAnswer } from './send-answer.js';

/**
 * The gate alone, for an engine that somebody else runs: until its sequence is complete, whatever comes is answered with
 * 503, but for the readiness probe and the open paths. These are read as the router has them that the gate is used on.
 * Once open, it stays open.
 *
 * Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`, all problems together.
 *
 * @example
 * admin.use(flamingockGate(engine, { openPaths: ['/metrics'] }));
 */
export function flamingockGate(flamingock: Flamingock, options: GateOptions = {}): Handler {
  return gateHandler(createGate(flamingock, options, 'flamingockGate()'));
}

export function gateHandler(gate: Gate): Handler {
  return (request, response, next) => {
    // Not `originalUrl`: what is let through must be what the router goes by.
    const refusal = gate.refuse(request);
    if (refusal === undefined) next();
    else sendAnswer(response, refusal);
  };
}
