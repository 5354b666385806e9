import { expect, test } from '@jest/globals';
import { fitting, inlined } from './literal.js';

test('a plain text is written as it is, and any other as bytes that no sql_mode can change', () => {
  const text = ['orders', `it's`, String.raw`a\b`, 'größe', '', null, 7];
  const { sql, parameters } = inlined('VALUES ($1, $2, $3, $4, $5, $6, $7, $1)', text);
  expect(sql).toBe(
    `VALUES ('orders', _utf8mb4 X'69742773', _utf8mb4 X'615c62', _utf8mb4 X'6772c3b6c39f65', '', NULL, 7, 'orders')`,
  );
  expect(parameters).toEqual([]);
});

test('what looks like a placeholder in a value stays what it is', () => {
  expect(inlined('$1, $2', ['$2', '?']).sql).toBe(`'$2', '?'`);
});

test('an id of more bytes than a key takes is refused', () => {
  expect(fitting('é'.repeat(382))).toHaveLength(382);
  expect(() => fitting('é'.repeat(383))).toThrow(expect.objectContaining({ code: 'FLG_OPTION_INVALID' }));
});
