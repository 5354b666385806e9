/**
 * Flamingock for Fastify: the application serves only when its changes are applied.
 *
 * @packageDocumentation
 */
export { closeOnSignal } from './close-on-signal.js';
export type { ClosableApplication, ClosingOptions } from './close-on-signal.js';
export { flamingock } from './flamingock.js';
export type { FlamingockPluginOptions } from './flamingock-plugin-options.js';
export { fromDecorator } from './from-decorator.js';
export type { FromDecorator } from './from-decorator.js';
