import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { TransactionOutcome } from '@flamingock/core/spi';
import {
  type Collection,
  Db,
  MongoClient,
  MongoError,
  MongoInvalidArgumentError,
  MongoNetworkError,
} from 'mongodb';
import { collectionsOf } from '../collections.js';
import { TargetDatabase } from './target-database.js';
import { MongoTransactions } from './transactions.js';

/** One operation of the change, without a server. */
type Operation = () => Promise<unknown>;

/** Runs a change in a transaction that sends nothing: what its `insertOne` does is what is given. */
function run(
  insertOne: Operation,
  change: (collection: Collection) => unknown,
  idleTimeoutMs = 60_000,
): Promise<TransactionOutcome> {
  const client = new MongoClient('mongodb://127.0.0.1:1/orders', { serverSelectionTimeoutMS: 1 });
  const db = Object.assign(client.db(), { collection: () => ({ insertOne }) }) as unknown as Db;
  const given = { client, db, connection: undefined, transactional: true, secrets: [] };
  return new MongoTransactions(new TargetDatabase(given, collectionsOf(client.db(), 'flamingock_'))).run({
    key: { service: 'orders', environment: 'test', tenant: '' },
    idleTimeoutMs,
    work: async (clients) => {
      await change((clients.client(Db) as Db).collection('orders'));
    },
  });
}

const insert = (collection: Collection): Promise<unknown> => collection.insertOne({});

test('what a change does not wait for is part of it, however slow it is', async () => {
  const done: string[] = [];
  const outcome = await run(
    async () => {
      await pause(700);
      done.push('inserted');
    },
    (collection) => {
      void insert(collection).then(() => insert(collection));
    },
  );
  expect({ outcome, done }).toEqual({ outcome: { status: 'committed' }, done: ['inserted', 'inserted'] });
});

test('nothing is committed while an operation that nobody waits for has no answer', async () => {
  const outcome = await run(
    () => new Promise(() => undefined),
    (collection) => {
      void insert(collection);
    },
    20,
  );
  expect(outcome).toMatchObject({ status: 'rolled-back', error: { code: 'FLG_TRANSACTION_ABORTED' } });
});

function labelled(): MongoError {
  const error = new MongoError('the primary has stepped down');
  error.addErrorLabel('TransientTransactionError');
  return error;
}

test.each([
  ['a connection that was lost', new MongoNetworkError('connection 1 closed')],
  ['what the driver calls transient', labelled()],
])('an error that a change swallows rolls it back: %s', async (_case, error) => {
  const outcome = await run(
    () => Promise.reject(error),
    (collection) => insert(collection).catch(() => undefined),
  );
  expect(outcome).toMatchObject({
    status: 'rolled-back',
    error: { code: 'FLG_TRANSACTION_ABORTED', cause: error },
  });
});

test('an argument that the driver itself refuses does no harm', async () => {
  const outcome = await run(
    () => Promise.reject(new MongoInvalidArgumentError('no document')),
    (collection) => insert(collection).catch(() => undefined),
  );
  expect(outcome).toEqual({ status: 'committed' });
});
