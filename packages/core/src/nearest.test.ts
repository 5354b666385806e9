import { describe, expect, test } from '@jest/globals';
import { knownNames, nearest } from './nearest.js';

describe('nearest', () => {
  const keys = ['service', 'environment', 'environments', 'auditStore', 'targets', 'id'];

  test.each([
    ['sevice', 'service'],
    ['enviroment', 'environment'],
    ['environment', 'environment'],
    ['auditstore', 'auditStore'],
    ['target', 'targets'],
    ['ID', 'id'],
    ['idd', 'id'],
  ])('takes %s for %s', (word, meant) => {
    expect(nearest(word, keys)).toBe(meant);
  });

  test.each(['colour', 'x', '', 'serpents'])('takes %p for nothing', (word) => {
    expect(nearest(word, keys)).toBeUndefined();
  });

  test('of two equally near ones the first is meant', () => {
    expect(nearest('cat', ['bat', 'hat'])).toBe('bat');
  });
});

describe('knownNames', () => {
  test('says what was probably meant, and what there is', () => {
    expect(knownNames('secnd', ['first', 'second'])).toBe("Did you mean 'second'? Known: first, second.");
    expect(knownNames('nope', ['first', 'second'])).toBe('Known: first, second.');
    expect(knownNames('nope', [])).toBe('There is none.');
  });

  test('does not list a whole sequence', () => {
    const many = Array.from({ length: 25 }, (_, index) => `c${index}`);
    expect(knownNames('nothing', many)).toMatch(/c19 and 5 more\.$/);
  });
});
