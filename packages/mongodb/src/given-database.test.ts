import { describe, expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import mongoose from 'mongoose';
import { auditStores, database, targets } from '../test/contract-subjects.js';
import type { MongoDatabase } from './given-database.js';
import { mongodbAuditStore } from './mongodb-audit-store.js';
import { mongodbTarget } from './mongodb-target.js';

const client = new MongoClient('mongodb://somebody:a-long-password@127.0.0.1/orders');

describe.each([
  ['mongodbAuditStore()', mongodbAuditStore],
  ['mongodbTarget()', mongodbTarget],
])('%s', (where, make) => {
  test.each<[unknown, RegExp]>([
    [client.db(), /whose client is not connected[^]*await client\.connect\(\)/],
    [mongoose.createConnection(), /Mongoose connection that is not open[^]*asPromise/],
    [client, /takes a Db of the MongoDB driver/],
    [mongoose, /takes a Db of the MongoDB driver/],
    [{}, /takes a Db of the MongoDB driver/],
    [undefined, /takes a Db of the MongoDB driver/],
  ])('refuses what is no open database: %#', (given, message) => {
    const made = (): unknown => make(given as MongoDatabase);
    expect(made).toThrow(message);
    expect(made).toThrow(where);
    expect(made).toThrow(/^FLG_OPTION_INVALID/);
  });

  test('refuses options that it does not know, and names that cannot be used', () => {
    const options = { prefix: 'a b', tables: true } as object;
    expect(() => make(client.db(), options)).toThrow(/prefix must be a name/);
    expect(() => make(client.db(), options)).toThrow(/tables/);
  });
});

test('a standalone server has no transactions, and says so', () => {
  const [standalone] = targets.flatMap(({ name, sample }) => (name.includes('standalone') ? [sample()] : []));
  expect(standalone).toMatchObject({ kind: 'mongodb-standalone' });
  expect(standalone?.transactions).toBeUndefined();
  const stores = auditStores.map(({ sample }) => sample().capabilities.sharedTransactions);
  expect(stores).toEqual([true, true, false]);
});

test('a client that has lost its servers does not pass for a standalone one, nor for a replica set', () => {
  for (const type of ['Unknown', 'PossiblePrimary'] as const) {
    const lost = database(type);
    expect(() => mongodbTarget(lost)).toThrow(/^FLG_OPTION_INVALID.*not connected, or has lost its servers/);
    expect(() => mongodbAuditStore(lost)).toThrow(
      /^FLG_OPTION_INVALID.*not connected, or has lost its servers/,
    );
  }
});
