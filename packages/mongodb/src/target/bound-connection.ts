import type { Db } from 'mongodb';
import type { MongooseConnection } from '../mongoose-connection.js';
import { unboundMember } from './unbound-member.js';

/** What of a Mongoose connection would leave the transaction of a change. */
const LEAVING = [
  'client',
  'close',
  'createClient',
  'destroy',
  'dropDatabase',
  'getClient',
  'openUri',
  'startSession',
  'transaction',
  'useDb',
  'watch',
  'withSession',
];

/**
 * A Mongoose connection whose collections and models belong to the open transaction: it inherits everything from the
 * application's and has another database, through which Mongoose sends all that it does.
 */
export function boundConnection(connection: MongooseConnection, db: Db): MongooseConnection {
  const models = new Map<string, unknown>();
  const bound = Object.create(connection, {
    db: { value: db },
    collections: { value: {}, writable: true },
    ...Object.fromEntries(
      LEAVING.map((name) => [
        name,
        {
          get() {
            throw unboundMember(name);
          },
        },
      ]),
    ),
  }) as MongooseConnection;
  return Object.defineProperty(bound, 'model', {
    value(name: string): unknown {
      const model = connection.models[name];
      // Mongoose says what is wrong with the name.
      if (model === undefined) return connection.model(name);
      if (!models.has(name)) {
        // A model of another collection is a subclass on the connection that is asked.
        models.set(name, connection.model.call(bound, name, model.collection.collectionName));
      }
      return models.get(name);
    },
  });
}
