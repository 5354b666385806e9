import { expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { mongoSecrets } from './mongo-secrets.js';

test.each<[string, readonly string[]]>([
  ['mongodb://somebody:a-long-password@127.0.0.1/orders', ['a-long-password']],
  ['mongodb://somebody:a%20long%2Fpassword@127.0.0.1/orders', ['a long/password']],
  ['mongodb://flamingock:flamingock@127.0.0.1/orders', []],
  ['mongodb://somebody:short@127.0.0.1/orders', []],
  ['mongodb://127.0.0.1/orders', []],
])('%s', (url, secrets) => {
  expect(mongoSecrets(new MongoClient(url))).toEqual(secrets);
});
