import { describe, expect, test } from '@jest/globals';
import { nearest } from './nearest.js';

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
