import { expect, test } from '@jest/globals';
import { readableError } from './readable-error.js';

const throwing = (): never => {
  throw new Error('trap');
};
const withGetter = (key: string): Error => Object.defineProperty(new Error('x'), key, { get: throwing });

test.each<[string, unknown]>([
  ['an object without a prototype', Object.create(null)],
  ['a getter for its message', withGetter('message')],
  ['a getter for its code', withGetter('code')],
  ['a getter for its stack', withGetter('stack')],
  ['a getter for its cause', withGetter('cause')],
  ['a cause that cannot be read', new Error('x', { cause: withGetter('code') })],
  ['a text that cannot be made', { toString: throwing }],
  ['a proxy', new Proxy({}, { get: throwing, has: throwing })],
])('%s is replaced by an error that can be recorded', (_, thrown) => {
  expect(readableError(thrown)).toEqual(new Error('it threw something that cannot be read'));
});

test.each<[string, unknown]>([
  ['an error', new Error('x')],
  ['null', null],
  ['undefined', undefined],
  ['a symbol', Symbol('x')],
  ['a frozen object', Object.freeze({ a: 1 })],
])('%s stays as it is', (_, thrown) => {
  expect(readableError(thrown)).toBe(thrown);
});

test('an error that causes itself is read to an end', () => {
  const error = new Error('a');
  error.cause = error;
  expect(readableError(error)).toBe(error);
});
