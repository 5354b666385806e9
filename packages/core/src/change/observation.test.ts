import { expect, test } from '@jest/globals';
import { Redactor } from '../report/redactor.js';
import { readObservation } from './observation.js';

const SECRET = 'first line\nsecond line';
const redactor = new Redactor([SECRET]);
const differences = (...lines: readonly string[]): readonly string[] | undefined =>
  readObservation({ verdict: 'NOT_APPLIED', differences: lines }, (line) => redactor.redact(line))
    ?.differences;

test('a secret goes before a line is made short, of which a part would not be known', () => {
  const long = 'x'.repeat(290);
  expect(differences(`${long}${SECRET}`, `key: ${SECRET}`)).toEqual([`${long}***`, 'key: ***']);
});

test('a person gets lines, no longer and no more than can be read', () => {
  expect(differences('want 12,\n  has 6')).toEqual(['want 12, has 6']);
  expect(differences('x'.repeat(400))?.[0]).toHaveLength(300);
  expect(differences(...Array<string>(25).fill('a'))?.at(-1)).toBe('and 5 more');
});
