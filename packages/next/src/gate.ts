import { FlamingockError } from '@flamingock/core';
import type { NextRequest } from 'next/server.js';
import { registration } from './registration.js';

/**
 * What a request is answered before the sequence is complete (503, `Retry-After`, a problem+json body); `undefined` where it
 * may pass. For `proxy.ts` of Next.js 16, and `middleware.ts` of Next.js 15 in the Node.js runtime.
 *
 * Throws `FLG_OPTION_INVALID` where nothing is registered, so that Next.js answers 500.
 *
 * @example
 * export function proxy(request: NextRequest) {
 *   return flamingockGate(request);
 * }
 */
export function flamingockGate(request: NextRequest): Response | undefined {
  const slot = registration();
  slot.gated = true;
  if (slot.hosted === undefined) throw notRegistered();
  const refusal = slot.hosted.refuse({ method: request.method, url: request.nextUrl.pathname });
  if (refusal === undefined) return undefined;
  return Response.json(refusal.body, { status: refusal.statusCode, headers: refusal.headers });
}

function notRegistered(): FlamingockError {
  return new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message:
      'flamingockGate(): registerFlamingock() was not called in this process, or the gate is in the edge runtime.',
    hint: "Call registerFlamingock() in instrumentation.ts. In Next.js 15, middleware.ts needs `export const config = { runtime: 'nodejs' }`.",
  });
}
