/**
 * Targets for Kafka, and for a schema registry.
 *
 * @packageDocumentation
 */
export { intend, IntentionClient } from './intention.js';
export type { IntendedParts, Intention, Seen } from './intention.js';

export { kafkaTarget } from './kafka/kafka-target.js';
export type { KafkaTargetOptions } from './kafka/kafka-target.js';
export { KafkaEvolution } from './kafka/kafka-evolution.js';
export { ensureTopic } from './kafka/intentions/ensure-topic.js';
export type { WantedTopic } from './kafka/intentions/ensure-topic.js';
export { increasePartitions } from './kafka/intentions/increase-partitions.js';
export type { WantedPartitions } from './kafka/intentions/increase-partitions.js';
export { alterConfigs } from './kafka/intentions/alter-configs.js';
export type { ConfigValues, WantedConfigs } from './kafka/intentions/alter-configs.js';
export type { ConfigValue } from './kafka/configs.js';
export { ensureAcls, removeAcls } from './kafka/intentions/acls.js';
export type { AclEntry } from './kafka/intentions/acls.js';
export { deleteTopic } from './kafka/intentions/delete-topic.js';
export type { TopicToDelete } from './kafka/intentions/delete-topic.js';
export type { ConnectedClient, KafkaIntention } from './kafka/kafka-intention.js';
export type { KafkaError } from './kafka/kafka-error.js';
export type { TopicState } from './kafka/topic-state.js';

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
