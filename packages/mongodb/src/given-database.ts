import { FlamingockError } from '@flamingock/core/spi';
import type { Db, MongoClient } from 'mongodb';
import { isMongooseConnection, type MongooseConnection } from './mongoose-connection.js';
import { mongoSecrets } from './mongo-secrets.js';

/** What a store or a target is built on: a database of a connected `MongoClient`, or a Mongoose connection that is open. */
export type MongoDatabase = Db | MongooseConnection;

/** What was given, in the parts that stores and targets use. */
export interface GivenDatabase {
  /** Store and target share transactions where this is the very same object. */
  readonly client: MongoClient;
  readonly db: Db;
  /** Set where it was a Mongoose connection that was given. */
  readonly connection: MongooseConnection | undefined;
  /** Whether the deployment knows transactions: every one but a standalone server. */
  readonly transactional: boolean;
  readonly secrets: readonly string[];
}

/** What the driver knows of the deployment; its declarations leave it out, and it has no other place where that stands. */
interface ConnectedClient {
  readonly topology?: {
    readonly description: { readonly servers: ReadonlyMap<string, { readonly type: string }> };
  };
}

/**
 * Tells by its shape what was given.
 *
 * Throws `FLG_OPTION_INVALID` for anything but a `Db` or a Mongoose connection, and for one that is not connected yet: only
 * a connected client knows whether its server has transactions.
 *
 * @param where who was given it, for the message
 */
export function givenDatabase(given: MongoDatabase, where: string): GivenDatabase {
  const connection = isMongooseConnection(given) ? given : undefined;
  const db = connection === undefined ? given : connection.db;
  if (connection !== undefined && db === undefined) {
    throw invalid(
      `${where} was given a Mongoose connection that is not open.`,
      'Wait for it first: await mongoose.connect(url), or await connection.asPromise().',
    );
  }
  if (!isDb(db)) {
    throw invalid(
      `${where} takes a Db of the MongoDB driver, or a Mongoose connection.`,
      'Pass client.db() after await client.connect(), or mongoose.connection after await mongoose.connect(url).',
    );
  }
  const types = serverTypes(db.client);
  if (types.length === 0) {
    throw invalid(
      `${where} was given a database whose client is not connected, or has lost its servers.`,
      'Call await client.connect() first, and see that the server answers: only it can tell whether it has transactions.',
    );
  }
  return {
    client: db.client,
    db,
    connection,
    transactional: !types.includes('Standalone'),
    secrets: mongoSecrets(db.client),
  };
}

function isDb(value: unknown): value is Db {
  if (typeof value !== 'object' || value === null) return false;
  const { databaseName, collection, client } = value as Partial<Db>;
  return typeof databaseName === 'string' && typeof collection === 'function' && typeof client === 'object';
}

/** The types of the servers that have told the client what they are; none before it is connected. */
function serverTypes(client: MongoClient): readonly string[] {
  const servers = (client as unknown as ConnectedClient).topology?.description.servers;
  return [...(servers?.values() ?? [])]
    .map(({ type }) => type)
    .filter((type) => type !== 'Unknown' && type !== 'PossiblePrimary');
}

function invalid(message: string, hint: string): FlamingockError {
  return new FlamingockError({ code: 'FLG_OPTION_INVALID', message, hint });
}
