import type { Collection, Db } from 'mongodb';
import { unboundMember } from './unbound-member.js';
import type { SessionWatch } from './session-watch.js';

/** Where the options of an operation stand among its arguments; the session goes in there. */
type Operations = Readonly<Record<string, number>>;

/**
 * What MongoDB answers in a transaction (its manual, "Transactions and Operations"). Everything else that sends a command is
 * refused before it is sent: in a transaction the server would end it, and outside of one it would not see what the change
 * has written. `count` is one of those, `countDocuments` is not.
 */
const OF_COLLECTION: Operations = {
  aggregate: 1,
  bulkWrite: 1,
  countDocuments: 1,
  createIndex: 1,
  createIndexes: 1,
  deleteMany: 1,
  deleteOne: 1,
  distinct: 2,
  find: 1,
  findOne: 1,
  findOneAndDelete: 1,
  findOneAndReplace: 2,
  findOneAndUpdate: 2,
  initializeOrderedBulkOp: 0,
  initializeUnorderedBulkOp: 0,
  insertMany: 1,
  insertOne: 1,
  replaceOne: 2,
  updateMany: 2,
  updateOne: 2,
};

/** What `command` is asked to do, the server judges by itself. */
const OF_DATABASE: Operations = {
  aggregate: 1,
  command: 1,
  createCollection: 1,
  createIndex: 2,
  runCursorCommand: 1,
};

/** Under which a bound database tells the application's own. */
const UNBOUND = Symbol.for('flamingock.mongodb.unbound');

/** The application's own database, for what is only read and MongoDB does not answer in a transaction. */
export function unboundDb(db: Db): Db {
  return (db as Db & { readonly [UNBOUND]?: Db })[UNBOUND] ?? db;
}

/** A database whose every operation belongs to the open transaction; what cannot belong to one is refused. */
export function boundDb(db: Db, watch: SessionWatch): Db {
  return bound(db, watch, OF_DATABASE, {
    [UNBOUND]: db,
    collection: (...args: Parameters<Db['collection']>) => boundCollection(db.collection(...args), watch),
  });
}

function boundCollection(collection: Collection, watch: SessionWatch): Collection {
  return bound(collection, watch, OF_COLLECTION, {});
}

function bound<T extends object>(
  client: T,
  watch: SessionWatch,
  operations: Operations,
  own: Readonly<Record<string | symbol, unknown>>,
): T {
  return new Proxy(client, {
    get(target, name) {
      if (Object.hasOwn(own, name)) return own[name];
      if (name === 'client') throw unboundMember(name);
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function' || name === 'constructor') return member;
      const usual =
        typeof name === 'string' && Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (usual === undefined) throw unboundMember(String(name));
      return (...args: unknown[]): unknown =>
        watch.run(() => {
          // The options of an index may stand before those of the operation.
          const at = name === 'createIndex' && args.length > 2 ? 2 : usual;
          const given = Array.from({ length: Math.max(args.length, at + 1) }, (_, index) => args[index]);
          given[at] = { ...(given[at] as object | undefined), session: watch.session };
          return boundResult(Reflect.apply(member, target, given), watch);
        });
    },
  });
}

/** Collections that an operation returns are bound, too. */
function boundResult(result: unknown, watch: SessionWatch): unknown {
  return result instanceof Promise ? result.then((value) => boundValue(value, watch)) : result;
}

function boundValue(value: unknown, watch: SessionWatch): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => boundValue(one, watch));
  const isCollection =
    typeof value === 'object' && value !== null && 'collectionName' in value && 'insertOne' in value;
  return isCollection ? boundCollection(value as unknown as Collection, watch) : value;
}
