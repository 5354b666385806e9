import { FlamingockError } from '@flamingock/core';
import { readinessAnswer } from '@flamingock/core/hosting';
import { connection } from 'next/server.js';
import { readinessOf, type Registration, registration } from './registration.js';

/**
 * The handler of the readiness probe: 200 where the instance is ready, 503 otherwise, with the state, the counts, the current
 * change and the holder of the lock. It reads memory, never the audit store, and names no secret.
 *
 * Throws `FLG_OPTION_INVALID` where traffic is to be held in the background and no gate is there to do it, so that an instance
 * that nothing holds is never ready.
 *
 * @example
 * // app/health/ready/route.ts
 * export const GET = readinessRoute();
 */
export function readinessRoute(): () => Promise<Response> {
  return async () => {
    // A build would otherwise answer it once and for all.
    await connection();
    const slot = registration();
    if (lacksGate(slot)) throw gateMissing();
    const { statusCode, headers, body } = readinessAnswer({ flamingock: readinessOf(slot) });
    return Response.json(body, { status: statusCode, headers });
  };
}

/** This very request has been through the gate, if there is one. */
function lacksGate({ hosted, gated }: Registration): boolean {
  return hosted?.hosting.hold === 'background' && !gated;
}

function gateMissing(): FlamingockError {
  return new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message:
      "registerFlamingock(): with hold: 'background' nothing holds the traffic, because the gate was never asked.",
    hint: 'Let proxy.ts return what flamingockGate(request) returns, also for the path of the readiness probe; or leave hold out.',
  });
}
