import { flamingockGate } from '@flamingock/next';
import type { NextRequest } from 'next/server';

/** With `HOLD=background`: refuses what comes before the changes are applied. */
export function proxy(request: NextRequest): Response | undefined {
  return flamingockGate(request);
}
