import { describe, expect, test } from '@jest/globals';
import { locationIn } from './error-location.js';

function errorWithStack(stack: string): Error {
  return Object.assign(new Error('x'), { stack });
}

describe('where a change threw', () => {
  test('is its own first frame, below the frames of libraries', () => {
    const stack =
      'Error: x\n    at query (/app/node_modules/pg/client.js:1:2)\n    at apply (file:///app/dist/changes/_0001__A.js:12:5)';
    expect(locationIn(errorWithStack(stack), 'changes/_0001__A.js')).toBe('changes/_0001__A.js:12:5');
  });

  test.each<[string, unknown]>([
    ['an error from elsewhere', errorWithStack('Error: x\n    at other.js:1:1')],
    ['something that is no error', 'boom'],
  ])('is not told of %s', (_what, error) => {
    expect(locationIn(error, 'changes/_0001__A.js')).toBeUndefined();
  });
});
