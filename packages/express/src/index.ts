/**
 * Flamingock for Express: the application serves only when its changes are applied.
 *
 * @packageDocumentation
 */
export { flamingock } from './flamingock.js';
export type { FlamingockExpressOptions } from './flamingock.js';
export { flamingockGate } from './flamingock-gate.js';
export { readinessHandler } from './readiness-handler.js';
export { closeOnSignal } from './close-on-signal.js';
export type { ClosingOptions, ClosingServer } from './close-on-signal.js';
export type { ExpressApplication, Handler, HandlerRequest, HandlerResponse } from './express-application.js';
