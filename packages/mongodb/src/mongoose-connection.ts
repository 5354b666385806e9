import type { Db, MongoClient } from 'mongodb';

/** As much of Mongoose's `Connection` as is used here; the package does not import Mongoose. */
export interface MongooseConnection {
  /** `undefined` before the connection is open. */
  readonly db?: Db | undefined;
  readonly models: Readonly<Record<string, MongooseModel>>;
  readonly readyState: number;
  getClient(): MongoClient;
  model(name: string, collection?: string): unknown;
}

/** As much of a Mongoose model as is used here. */
export interface MongooseModel {
  readonly modelName: string;
  readonly collection: { readonly collectionName: string };
  /** By the value of the discriminator's key. */
  discriminators?: Record<string, MongooseModel> | undefined;
}

/** Tells a Mongoose connection by its shape. */
export function isMongooseConnection(value: unknown): value is MongooseConnection {
  if (typeof value !== 'object' || value === null) return false;
  const { getClient, model, models } = value as Partial<MongooseConnection>;
  return typeof getClient === 'function' && typeof model === 'function' && typeof models === 'object';
}
