import type { Target } from '@flamingock/core/spi';
import { collectionsOf } from './collections.js';
import { isTransient } from './errors.js';
import { givenDatabase, type MongoDatabase } from './given-database.js';
import { type MongodbTargetOptions, prefixOf } from './options.js';
import { MongoTransactions } from './target/transactions.js';
import { TargetDatabase } from './target/target-database.js';
import { boundClientOf, isClient } from './tokens.js';

/**
 * A MongoDB database as a target system. Each change runs in a transaction and may ask for `Db` and `ClientSession`; on a
 * Mongoose connection also for `Connection` and for models (`modelOf(OrderModel)`). A change with `transactional: false`
 * may ask for all of them but the session, and for `MongoClient`.
 *
 * On a standalone server, which knows no transactions, every change runs as with `transactional: false`; its kind is then
 * `mongodb-standalone`.
 *
 * Throws `FLG_OPTION_INVALID` for anything but a `Db` or a Mongoose connection, for one that is not connected yet and for a
 * prefix that cannot be used, and `FLG_OPTION_UNKNOWN`.
 *
 * @example
 * const targets = { 'orders-db': mongodbTarget((await client.connect()).db('orders')) };
 */
export function mongodbTarget(given: MongoDatabase, options: MongodbTargetOptions = {}): Target {
  const where = 'mongodbTarget()';
  const prefix = prefixOf(options, where, ['identity']);
  const parts = givenDatabase(given, where);
  const { client, db, connection, transactional, secrets } = parts;
  return {
    kind: transactional ? 'mongodb' : 'mongodb-standalone',
    ...(options.identity === undefined ? {} : { identity: options.identity }),
    secrets,
    clients: [],
    supplies(token) {
      const wanted = boundClientOf(parts, token);
      return (wanted !== undefined && wanted !== 'session') || isClient(parts, token);
    },
    client(token) {
      const wanted = boundClientOf(parts, token);
      if (wanted === undefined) return client;
      if (wanted === 'db') return db;
      return typeof wanted === 'string' ? connection : wanted;
    },
    isTransient,
    ...(transactional
      ? { transactions: new MongoTransactions(new TargetDatabase(parts, collectionsOf(db, prefix))) }
      : {}),
  };
}
