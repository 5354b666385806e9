import { expect, test } from '@jest/globals';
import { type Collection, type Db, MongoClient } from 'mongodb';
import { boundDb, unboundDb } from './bound-db.js';
import { SessionWatch } from './session-watch.js';

/** Nothing is sent: what is refused never gets to the server, which is not there. */
function transaction(): { readonly db: Db; readonly bound: Db } {
  const client = new MongoClient('mongodb://127.0.0.1:1/orders', { serverSelectionTimeoutMS: 1 });
  return { db: client.db(), bound: boundDb(client.db(), new SessionWatch(client.startSession())) };
}

const refusal = /^FLG_DEPENDENCY_UNBOUND[^]*transactional: false[^]*MongoClient/;

test.each<keyof Collection>([
  'count',
  'drop',
  'dropIndex',
  'dropIndexes',
  'estimatedDocumentCount',
  'indexExists',
  'indexInformation',
  'indexes',
  'isCapped',
  'listIndexes',
  'listSearchIndexes',
  'options',
  'rename',
  'watch',
])('a collection in a transaction refuses %s, which MongoDB refuses there', (name) => {
  const { bound } = transaction();
  expect(() => bound.collection('orders')[name]).toThrow(refusal);
});

test.each<keyof Db>([
  'admin',
  'client',
  'collections',
  'dropCollection',
  'dropDatabase',
  'indexInformation',
  'listCollections',
  'renameCollection',
  'stats',
  'watch',
])('a database in a transaction refuses %s, which MongoDB refuses there', (name) => {
  const { bound } = transaction();
  expect(() => bound[name]).toThrow(refusal);
});

test('every method of the driver either belongs to the transaction or is refused', () => {
  const { bound } = transaction();
  const told = (one: object): readonly string[] =>
    Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(one) as object))
      .filter(([name, { value }]) => typeof value === 'function' && name !== 'constructor')
      .filter(([name]) => {
        try {
          return (one as Record<string, unknown>)[name] !== undefined;
        } catch {
          return false;
        }
      })
      .map(([name]) => name)
      .sort();
  expect(told(bound)).toEqual([
    'aggregate',
    'collection',
    'command',
    'createCollection',
    'createIndex',
    'runCursorCommand',
  ]);
  expect(told(bound.collection('orders'))).toEqual(
    [
      ...[
        'aggregate',
        'bulkWrite',
        'countDocuments',
        'createIndex',
        'createIndexes',
        'deleteMany',
        'deleteOne',
      ],
      ...['distinct', 'find', 'findOne', 'findOneAndDelete', 'findOneAndReplace', 'findOneAndUpdate'],
      ...['initializeOrderedBulkOp', 'initializeUnorderedBulkOp', 'insertMany', 'insertOne', 'replaceOne'],
      ...['updateMany', 'updateOne'],
    ].sort(),
  );
});

test('helpers of verify look past the transaction', () => {
  const { db, bound } = transaction();
  expect(unboundDb(bound).namespace).toBe(db.namespace);
  expect(() => unboundDb(bound).client).not.toThrow();
  expect(unboundDb(db)).toBe(db);
});
