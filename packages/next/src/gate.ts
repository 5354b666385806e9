import { FlamingockError } from '@flamingock/core';
import { bodyText } from '@flamingock/core/hosting';
import type { NextRequest } from 'next/server.js';
import { registration } from './registration.js';

/**
 * What a request is answered before the sequence is complete (503 with `Retry-After`: a sentence for a person in a browser, a problem
 * for a program); `undefined` where it may pass. For `proxy.ts` of Next.js 16, and `middleware.ts` of Next.js 15 in the Node.js runtime.
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
  const accept = request.headers.get('accept') ?? undefined;
  const url = request.nextUrl.pathname;
  const refusal = slot.hosted.refuse({ method: request.method, url, headers: { accept } });
  if (refusal === undefined) return undefined;
  return new Response(bodyText(refusal), { status: refusal.statusCode, headers: refusal.headers });
}

function notRegistered(): FlamingockError {
  return new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message:
      'flamingockGate(): registerFlamingock() was not called in this process, or the gate is in the edge runtime.',
    hint: "Call registerFlamingock() in instrumentation.ts. In Next.js 15, middleware.ts needs `export const config = { runtime: 'nodejs' }`.",
  });
}
