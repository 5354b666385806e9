/**
 * Targets for Kafka, and for a schema registry.
 *
 * @packageDocumentation
 */
export { intend, IntentionClient } from './intention.js';
export type { IntendedParts, Intention, Seen } from './intention.js';

export { schemaRegistryTarget } from './registry/schema-registry-target.js';
export { SchemaRegistryClient } from './registry/schema-registry-client.js';
export {
  deleteSchemaVersion,
  deleteSubject,
  registerSchema,
  setCompatibility,
} from './registry/intentions.js';
export type { RegistryIntention } from './registry/intentions.js';
export type { Registered, SchemaToRegister } from './registry/schema-registry-client.js';
export type { CompatibilityLevel } from './registry/compatibility-level.js';
export type { RegistryError } from './registry/registry-error.js';
export type { RegistryTls, SchemaRegistryTargetOptions } from './registry/registry-options.js';
export type { SubjectVersion } from './registry/registry-api.js';
export type { Schema, SchemaReference, SchemaType } from './registry/schema.js';
