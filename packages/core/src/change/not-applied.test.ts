import { describe, expect, test } from '@jest/globals';
import { isNotApplied, NotApplied } from './not-applied.js';

describe('NotApplied', () => {
  test('says what its cause says, and keeps it', () => {
    const cause = new TypeError('no such subject');
    const error = new NotApplied(cause);
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe('NotApplied');
    expect(error.message).toBe('no such subject');
    expect(error.cause).toBe(cause);
  });

  test('takes a text, or nothing', () => {
    expect(new NotApplied('locked').message).toBe('locked');
    expect(new NotApplied().message).toBe('The change had no effect.');
  });

  test('is known by its brand, so that another copy of this package agrees', () => {
    expect(isNotApplied(new NotApplied())).toBe(true);
    expect(isNotApplied({ [Symbol.for('flamingock.not-applied')]: true })).toBe(true);
    expect(isNotApplied(new Error('NotApplied'))).toBe(false);
    expect(isNotApplied(null)).toBe(false);
    expect(isNotApplied('NotApplied')).toBe(false);
  });
});
