/**
 * Targets for Kafka, and for a schema registry.
 *
 * @packageDocumentation
 */
export {};
