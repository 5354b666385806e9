import { expect, test } from '@jest/globals';
import { MongoServerError } from 'mongodb';
import { outcomeOfCommit } from './outcome.js';

const refused = (code: number, ...errorLabels: string[]): MongoServerError =>
  new MongoServerError({ message: 'the commit was refused', code, errorLabels });

test.each([
  ['one that was open for too long', refused(251, 'TransientTransactionError'), 'FLG_TRANSACTION_ABORTED'],
  ['one that met another', refused(112, 'TransientTransactionError'), 'FLG_STORE_BUSY'],
])('the commit of a transaction that is gone: %s', (_case, error, code) => {
  expect(outcomeOfCommit(error)).toMatchObject({ status: 'rolled-back', error: { code } });
});

test.each([
  ['nobody knows', refused(251, 'TransientTransactionError', 'UnknownTransactionCommitResult')],
  ['the server does not say', refused(112)],
  ['there was no answer', new Error('connection 1 to 127.0.0.1:27017 closed')],
])('a commit of which %s whether it happened', (_case, error) => {
  expect(outcomeOfCommit(error)).toEqual({ status: 'unknown', error });
});
