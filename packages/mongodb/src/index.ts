/**
 * Audit store and target on MongoDB: a database of the driver, or a Mongoose connection.
 *
 * @packageDocumentation
 */
export { mongodbAuditStore } from './mongodb-audit-store.js';
export { mongodbTarget } from './mongodb-target.js';
export type { MongoDatabase } from './given-database.js';
export type { MongooseConnection, MongooseModel } from './mongoose-connection.js';
export type { CollectionOptions, MongodbTargetOptions } from './options.js';
export { modelOf } from './tokens.js';
export { indexExists, validatorIs } from './verify.js';
