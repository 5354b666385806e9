import type { Readiness } from '@flamingock/core';
import type { Hosted } from '@flamingock/core/hosting';

/** What a process knows of its engine. */
export interface Registration {
  /** Settles as `register` does; there as soon as it was called. */
  started?: Promise<void>;
  /** The engine, as soon as its options are known. */
  hosted?: Hosted;
  /** Whether a request has come through the gate. */
  gated: boolean;
}

const SLOT = Symbol.for('flamingock.next');

/**
 * The registration of this process. It lies in the global object: Next.js bundles `instrumentation.ts`, `proxy.ts` and every
 * route by itself, each with a copy of this module, and state of a module would exist once in each of them.
 */
export function registration(): Registration {
  const slots = globalThis as Record<symbol, Registration | undefined>;
  return (slots[SLOT] ??= { gated: false });
}

/** What a probe may be told of it, read from memory. */
export function readinessOf({ hosted }: Registration): Readiness {
  return hosted?.flamingock.readiness() ?? { ready: false, state: 'idle', applied: 0, pending: 0 };
}
