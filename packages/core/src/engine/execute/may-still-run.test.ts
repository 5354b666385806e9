import { expect, test } from '@jest/globals';
import { mayStillRun } from './may-still-run.js';

const error = (message: string, parts: object = {}): Error => Object.assign(new Error(message), parts);

test.each<[string, unknown]>([
  ['a time-out', new DOMException('late', 'TimeoutError')],
  ['a code of Node', error('read', { code: 'ECONNRESET' })],
  ['a code of undici', error('x', { code: 'UND_ERR_SOCKET' })],
  ['pg', error('Connection terminated unexpectedly')],
  [
    'pg, told by the server',
    error('terminating', { cause: error('server closed the connection unexpectedly') }),
  ],
  [
    'mysql2',
    error('Connection lost: The server closed the connection.', { code: 'PROTOCOL_CONNECTION_LOST' }),
  ],
  ['MongoDB', error('connection 5 to 10.0.0.7:27017 closed', { name: 'MongoNetworkError' })],
  ['node:http', error('socket hang up')],
  ['one of several', new AggregateError([error('x'), error('The connection was cut')])],
])('what failed with the error of %s may still run', (_whose, thrown) => {
  expect(mayStillRun(thrown)).toBe(true);
});

test.each<[string, unknown]>([
  ['a refusal', error('duplicate key value violates unique constraint')],
  ['one about what a connection may do', error('permission denied to use the connection pool')],
  ['one that was never sent', error('connect ECONNREFUSED 127.0.0.1:1', { code: 'ECONNREFUSED' })],
  ['no error', undefined],
])('what failed with %s does not', (_what, thrown) => {
  expect(mayStillRun(thrown)).toBe(false);
});
