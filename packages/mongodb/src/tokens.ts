import { token, type Token, tokenKey, type TypedToken } from '@flamingock/core/spi';
import type { ClientSession } from 'mongodb';
import type { GivenDatabase } from './given-database.js';
import type { MongooseConnection, MongooseModel } from './mongoose-connection.js';

/**
 * Asks for a Mongoose model: bound to the transaction in a transactional change. The same token as
 * `getModelToken('Order')` of `@nestjs/mongoose`.
 *
 * @example
 * inject: { orders: modelOf(OrderModel) }
 */
export function modelOf<Model extends { readonly modelName: string }>({
  modelName,
}: Model): TypedToken<Model> {
  return token(`${modelName}Model`);
}

/** What `getConnectionToken()` of `@nestjs/mongoose` is for a connection without a name. */
const NEST_CONNECTION = 'DatabaseConnection';

/** Clients with a form that belongs to a transaction. */
export type BoundClient = 'db' | 'session' | 'connection' | MongooseModel;

/** What a token asks for that is bound to a transaction; `undefined` for any other token. */
export function boundClientOf(given: GivenDatabase, wanted: Token): BoundClient | undefined {
  const key = tokenKey(wanted);
  if (isClassOf(given.db, key)) return 'db';
  if (isSessionClass(given, key)) return 'session';
  const { connection } = given;
  if (connection === undefined) return undefined;
  if (key === NEST_CONNECTION || isClassOf(connection, key)) return 'connection';
  return modelFor(connection, key);
}

/** Tells whether a token asks for the client itself, which knows no transaction. */
export function isClient({ client }: GivenDatabase, wanted: Token): boolean {
  return isClassOf(client, tokenKey(wanted));
}

function modelFor({ models }: MongooseConnection, key: unknown): MongooseModel | undefined {
  return Object.values(models).find(({ modelName }) => key === `${modelName}Model`);
}

/** The package does not import the driver; a session that is not used costs nothing and tells its class. */
function isSessionClass({ client }: GivenDatabase, key: unknown): boolean {
  if (typeof key !== 'function' || key.name !== 'ClientSession') return false;
  const session: ClientSession = client.startSession();
  void session.endSession();
  return session instanceof key;
}

function isClassOf(value: object, key: unknown): boolean {
  // An arrow function may be a token of a container, and has no prototype.
  return typeof key === 'function' && key !== Object && 'prototype' in key && value instanceof key;
}
