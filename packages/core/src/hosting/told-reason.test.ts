import { expect, test } from '@jest/globals';
import { FlamingockError } from '../errors.js';
import { toldReason } from './told-reason.js';

test('is the message of a coded error', () => {
  const error = new FlamingockError({ code: 'FLG_OPTION_INVALID', message: 'wrong', hint: 'Correct it.' });
  expect(toldReason(error)).toBe(error.message);
});

test('tells where another error came from, and neither its properties nor the credentials in its text', () => {
  const error = Object.assign(new Error('cannot reach postgres://user:hunter2@host/db'), {
    password: 'p4ss',
  });
  expect(toldReason(error)).toContain('told-reason.test');
  expect(toldReason(error)).toContain('postgres://***@host/db');
  expect(toldReason(error)).not.toMatch(/hunter2|p4ss/);
});

test.each([
  ['text', 'text'],
  [null, 'null'],
  [undefined, 'undefined'],
])('is what was thrown, where that is no error: %s', (thrown, told) => {
  expect(toldReason(thrown)).toBe(told);
});
