import { expect, test } from '@jest/globals';
import { isToken, token, tokenKey, tokenName } from './token.js';

class Database {
  readonly kind = 'database';
}
const KEY = Symbol('key');

test('a typed token means its key', () => {
  expect(tokenKey(token('KAFKA'))).toBe(tokenKey('KAFKA'));
  expect(tokenKey(token(KEY))).toBe(KEY);
  expect(tokenKey(Database)).toBe(Database);
});

test('a token has a name for people', () => {
  expect([Database, token('KAFKA'), 'PLAIN', KEY].map(tokenName)).toEqual([
    'Database',
    'KAFKA',
    'PLAIN',
    'Symbol(key)',
  ]);
});

test('classes, keys and typed tokens can be asked for, and nothing else', () => {
  expect([Database, token('KAFKA'), 'PLAIN', KEY].every(isToken)).toBe(true);
  expect([undefined, null, 5, '', {}, { key: 5 }, token('')].some(isToken)).toBe(false);
});
