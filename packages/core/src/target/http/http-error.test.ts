import { expect, test } from '@jest/globals';
import { HttpError, isHttpError } from './http-error.js';

const parts = {
  code: 'HTTP_404',
  status: 404,
  method: 'GET',
  path: '/routes',
  reason: 'was answered with 404',
};

test('a failed request is known by its mark, also one of another copy of the package', () => {
  const elsewhere = { code: 'HTTP_404', [Symbol.for('flamingock.http-error')]: true };
  expect([new HttpError(parts), elsewhere].map(isHttpError)).toEqual([true, true]);
});

test('another error is none, whatever it looks like', () => {
  const alike = Object.assign(new Error('GET /routes was answered with 404'), {
    ...parts,
    name: 'HttpError',
  });
  expect([alike, undefined, 'HTTP_404'].map(isHttpError)).toEqual([false, false, false]);
});
