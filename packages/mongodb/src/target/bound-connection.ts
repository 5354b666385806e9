import type { Db } from 'mongodb';
import type { MongooseConnection, MongooseModel } from '../mongoose-connection.js';
import { unboundMember } from './unbound-member.js';

/** What of a Mongoose connection would leave the transaction of a change. */
const LEAVING = [
  'client',
  'close',
  'createClient',
  'createCollections',
  'deleteModel',
  'destroy',
  'dropDatabase',
  'getClient',
  'openUri',
  'setClient',
  'startSession',
  'syncIndexes',
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
  const inner = Object.create(connection, {
    db: { value: db },
    collections: { value: {}, writable: true },
    // Mongoose's own looks at the client.
    readyState: { get: () => connection.readyState },
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
  const models = new BoundModels(connection, inner);
  // Mongoose makes a model of the application's ones, and so does not see those of the change.
  return Object.create(inner, {
    model: { value: (name: string) => models.get(name) },
    models: { get: () => models.all() },
  }) as MongooseConnection;
}

/** The models of a transaction, each made when it is asked for. */
class BoundModels {
  readonly #connection: MongooseConnection;
  readonly #bound: MongooseConnection;
  readonly #made = new Map<string, MongooseModel>();

  constructor(connection: MongooseConnection, bound: MongooseConnection) {
    this.#connection = connection;
    this.#bound = bound;
  }

  get(name: string): unknown {
    const model = this.#connection.models[name];
    // Mongoose says what is wrong with the name.
    if (model === undefined) return this.#connection.model(name);
    return this.#made.get(name) ?? this.#make(name, model);
  }

  all(): Readonly<Record<string, unknown>> {
    const names = Object.keys(this.#connection.models);
    return Object.fromEntries(names.map((name) => [name, this.get(name)]));
  }

  #make(name: string, { collection }: MongooseModel): MongooseModel {
    // A model of another collection is a subclass on the connection that is asked.
    const made = this.#connection.model.call(this.#bound, name, collection.collectionName) as MongooseModel;
    this.#made.set(name, made);
    // Mongoose makes those on the application's connection, whichever the model is on.
    const { discriminators = {} } = made;
    for (const [key, { modelName }] of Object.entries(discriminators))
      discriminators[key] = this.get(modelName) as MongooseModel;
    return made;
  }
}
