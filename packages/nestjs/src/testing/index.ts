/**
 * The door for tests of an application that imports `FlamingockModule`.
 *
 * @packageDocumentation
 */
export { withFlamingockInMemory } from './with-flamingock-in-memory.js';
export { withoutFlamingock } from './without-flamingock.js';
export type { OverridesProviders } from './overrides-providers.js';
