import { throwProblems } from '../errors.js';
import type { Flamingock } from '../flamingock.js';
import { unknownKeys } from '../known-keys.js';
import { gateAnswer, type ProblemBody } from './gate-answer.js';
import { GATE_KEYS, type GateOptions, validHosting } from './hosting-options.js';
import type { HttpAnswer } from './http-answer.js';
import { type GateRequest, isOpen } from './open-paths.js';

/** What stands before the traffic of an application until its sequence is complete. */
export interface Gate {
  /**
   * What a request is answered that must not pass; `undefined` where it may. Once open, the gate stays open: while the
   * application shuts down its readiness is down, and what still arrives is served.
   */
  refuse(request: GateRequest): HttpAnswer<ProblemBody | string> | undefined;
}

/**
 * Makes a gate that opens when the engine's sequence is complete, whoever runs it.
 *
 * Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`, all problems together.
 *
 * @param where what the options were given to, for messages: `flamingockGate()`
 */
export function createGate(flamingock: Flamingock, options: GateOptions, where: string): Gate {
  const { valid, problems } = validHosting(options, where);
  throwProblems([...unknownKeys(options, GATE_KEYS, where), ...problems]);
  const { readinessPath, openPaths, retryAfterSeconds } = valid;
  const openBefore = readinessPath === false ? openPaths : [readinessPath, ...openPaths];
  let open = flamingock.readiness().ready;
  const stop = flamingock.subscribe((event) => {
    if (event.type !== 'run-finished' || event.remaining !== undefined) return;
    open = true;
    stop();
  });
  return {
    refuse: (request) =>
      open || isOpen(request, openBefore)
        ? undefined
        : gateAnswer(flamingock.readiness(), retryAfterSeconds, request),
  };
}
