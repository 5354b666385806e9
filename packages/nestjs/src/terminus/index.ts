/**
 * The door for applications that have `@nestjs/terminus`.
 *
 * @packageDocumentation
 */
export { FlamingockHealthIndicator } from './flamingock.health.js';
export type { FlamingockHealth, FlamingockHealthOptions } from './flamingock.health.js';
