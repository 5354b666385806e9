import { describe, expect, test } from '@jest/globals';
import {
  KafkaJSAggregateError,
  KafkaJSConnectionError,
  KafkaJSNonRetriableError,
  KafkaJSNumberOfRetriesExceeded,
  KafkaJSProtocolError,
  KafkaJSSASLAuthenticationError,
} from 'kafkajs';
import { failedCall, isTransient, isUnconnected, protocolCode, rejects } from './kafka-error.js';

type Make = new (...parts: unknown[]) => Error;

/** As kafkajs makes them: its declarations leave the second parameter out. */
function made(kind: unknown, ...parts: readonly unknown[]): Error {
  return new (kind as Make)(...parts);
}

const denied = made(KafkaJSProtocolError, { type: 'TOPIC_AUTHORIZATION_FAILED', code: 29, message: 'no' });
const refused = made(KafkaJSConnectionError, 'connect ECONNREFUSED', { code: 'ECONNREFUSED' });
const call = { what: 'create topic orders', needs: 'Create on the topic' };

describe('the word of the protocol is found, however deep kafkajs has wrapped it', () => {
  test.each<[string, Error]>([
    ['plain', denied],
    ['of one of several topics', made(KafkaJSAggregateError, 'Topic creation errors', [denied])],
    ['after retries', made(KafkaJSNumberOfRetriesExceeded, denied, { retryCount: 1, retryTime: 1 })],
    [
      'of a topic, after retries',
      made(KafkaJSNonRetriableError, made(KafkaJSAggregateError, 'errors', [denied]), {
        cause: made(KafkaJSAggregateError, 'errors', [denied]),
      }),
    ],
  ])('%s', (_how, error) => {
    expect(protocolCode(error)).toBe(29);
    expect(failedCall(call, error)).toMatchObject({
      code: 'TOPIC_AUTHORIZATION_FAILED',
      message: 'create topic orders: TOPIC_AUTHORIZATION_FAILED: no (it needs Create on the topic)',
    });
  });
});

test.each<[string, Error, boolean]>([
  ['nobody listens', refused, true],
  ['the log-on failed', made(KafkaJSSASLAuthenticationError, 'no'), true],
  ['the connection was reset', made(KafkaJSConnectionError, 'reset', { code: 'ECONNRESET' }), false],
  [
    'a connection that is there says that the host is gone',
    made(KafkaJSConnectionError, 'gone', { code: 'EHOSTUNREACH' }),
    false,
  ],
  ['a broker answered', denied, false],
])('whether a request can have been sent where %s', (_how, error, unconnected) => {
  expect(isUnconnected(error)).toBe(unconnected);
});

test('an answer about one of several things proves nothing about the others', () => {
  expect(rejects(29, 1)).toBe(true);
  expect(rejects(29, 2)).toBe(false);
  // The whole request was refused.
  expect(rejects(31, 2)).toBe(true);
});

test.each([7, -1, 56, undefined, 3, 36, 37, 41])('%s is no rejection', (code) => {
  expect(rejects(code, 1)).toBe(false);
});

test('what may pass is told from what will not', () => {
  expect(isTransient(refused)).toBe(true);
  expect(isTransient(failedCall(call, refused))).toBe(true);
  expect(isTransient(denied)).toBe(false);
});
