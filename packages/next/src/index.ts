/**
 * Flamingock for Next.js: the run in `instrumentation.ts`, the gate for `proxy.ts`, and the readiness probe.
 *
 * @packageDocumentation
 */
export { registerFlamingock } from './register-flamingock.js';
export type { RegisterOptions, RegisterOptionsSource } from './register-flamingock.js';
export { flamingockGate } from './gate.js';
export { readinessRoute } from './readiness-route.js';
