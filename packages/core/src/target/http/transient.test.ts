import { expect, test } from '@jest/globals';
import { HttpError } from './http-error.js';
import { isTransientHttp } from './transient.js';

test.each<[string, unknown, boolean]>([
  [
    'our client and 503',
    new HttpError({ code: 'HTTP_503', status: 503, method: 'PUT', path: '/', reason: 'answered 503' }),
    true,
  ],
  ['axios and 429', Object.assign(new Error('failed'), { response: { status: 429 } }), true],
  ['got and 503', Object.assign(new Error('failed'), { response: { statusCode: 503 } }), true],
  ['a refused connection', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), true],
  ['axios and 422', Object.assign(new Error('failed'), { response: { status: 422 } }), false],
  ['an answer that did not arrive', Object.assign(new Error('reset'), { code: 'ECONNRESET' }), false],
  ['a text', '503', false],
])('%s', (_what, error, expected) => {
  expect(isTransientHttp(error)).toBe(expected);
});
