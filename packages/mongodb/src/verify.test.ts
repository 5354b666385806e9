import { expect, test } from '@jest/globals';
import { type Db, type Document, MongoServerError } from 'mongodb';
import { indexExists, validatorIs } from './verify.js';

interface Sent {
  readonly command: Document;
  readonly options: Document;
}

/** A database with one collection, whose server lists these indexes; `refuses` is its code for a field that it does not know. */
function listing(indexes: readonly Document[], refuses?: number): { readonly db: Db; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const cursor = (command: Document, options: Document, answer: readonly Document[]) => ({
    toArray: () => {
      sent.push({ command, options });
      return refuses !== undefined && 'includeBuildUUIDs' in command
        ? Promise.reject(new MongoServerError({ message: 'no such field', code: refuses }))
        : Promise.resolve(answer);
    },
  });
  const db = {
    listCollections: (filter: Document, options: Document) =>
      cursor({ listCollections: filter }, options, [{ name: 'orders', options: {} }]),
    runCursorCommand: (command: Document, options: Document) => cursor(command, options, indexes),
  };
  return { db: db as unknown as Db, sent };
}

const BUILT = { v: 2, key: { customer: 1 }, name: 'customer_1', unique: true };
const BUILDING = { spec: BUILT, buildUUID: 'a UUID' };

test('an index that the server is still building is neither there nor not there', async () => {
  for (const index of ['customer_1', { customer: 1 }] as const) {
    expect(await indexExists(listing([BUILDING]).db, 'orders', index, { unique: true })).toBe('UNKNOWN');
    expect(await indexExists(listing([BUILT]).db, 'orders', index, { unique: true })).toBe('APPLIED');
  }
  const other = listing([BUILDING]).db;
  expect(await indexExists(other, 'orders', { customer: 1 }, { sparse: true })).toBe('NOT_APPLIED');
});

test('a server that cannot tell what it is building lists all the same', async () => {
  for (const code of [323, 40_415]) {
    const { db, sent } = listing([BUILT], code);
    expect(await indexExists(db, 'orders', 'customer_1')).toBe('APPLIED');
    expect(sent.at(-1)?.command).toEqual({ listIndexes: 'orders', cursor: {} });
  }
});

test('another refusal is no answer', async () => {
  await expect(indexExists(listing([BUILT], 13).db, 'orders', 'customer_1')).rejects.toThrow('no such field');
});

test('the primary is asked, whatever the client is set to', async () => {
  const { db, sent } = listing([BUILT]);
  await indexExists(db, 'orders', 'customer_1');
  await validatorIs(db, 'orders', undefined);
  expect(sent.map(({ options }) => options['readPreference'] as unknown)).toEqual([
    'primary',
    'primary',
    'primary',
  ]);
});
