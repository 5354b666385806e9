import { expect, test } from '@jest/globals';
import { MongoServerError } from 'mongodb';
import { isForbidden, withCodedErrors } from './errors.js';

const atlas = (message: string): MongoServerError => new MongoServerError({ message, code: 8000 });

test('a right that is missing is told alike by a server and by Atlas', async () => {
  const writing = {
    code: 'FLG_STORE_PERMISSION',
    what: 'write the ledger',
    database: 'audit',
    needs: [['flamingock_ledger', ['find', 'insert']]],
  } as const;
  for (const error of [
    new MongoServerError({ message: 'not authorized on audit to execute command', code: 13 }),
    atlas('user is not allowed to do action [insert] on [audit.flamingock_ledger]'),
  ]) {
    const refused = withCodedErrors(writing, () => Promise.reject(error));
    await expect(refused).rejects.toThrow(/^FLG_STORE_PERMISSION.*find, insert on audit\.flamingock_ledger/);
  }
});

test('what else Atlas refuses is no right', () => {
  expect(isForbidden(atlas('you are over your space quota'))).toBe(false);
});
