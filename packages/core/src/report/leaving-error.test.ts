import { describe, expect, test } from '@jest/globals';
import { FlamingockError } from '../errors.js';
import { leavingError } from './leaving-error.js';
import { Redactor } from './redactor.js';

const REDACTOR = new Redactor(['s3cret']);

function coded(message: string, hint = 'Try again.', more: object = {}): FlamingockError {
  return new FlamingockError({ code: 'FLG_STORE_UNREACHABLE', message, hint, ...more });
}

describe('A coded error that leaves the engine', () => {
  test('is the same one where there is nothing to take out', () => {
    const error = coded('The store is away.');
    expect(leavingError(error, REDACTOR)).toBe(error);
  });

  test('has no secret in message, hint and stack', () => {
    const { code, message, hint, stack } = leavingError(
      coded('No s3cret here.', 'Call with s3cret.'),
      REDACTOR,
    );
    expect({ code, message, hint }).toEqual({
      code: 'FLG_STORE_UNREACHABLE',
      message: 'FLG_STORE_UNREACHABLE: No *** here.\n  -> Call with ***.',
      hint: 'Call with ***.',
    });
    expect(stack).not.toContain('s3cret');
  });

  test('has none in the problems that it stands for', () => {
    const several = coded('Two.', 'Solve each.', { problems: [coded('One.'), coded('Another s3cret.')] });
    expect(leavingError(several, REDACTOR).problems.map(({ message }) => message)).toEqual([
      'FLG_STORE_UNREACHABLE: One.\n  -> Try again.',
      'FLG_STORE_UNREACHABLE: Another ***.\n  -> Try again.',
    ]);
  });

  test('does not bring along what caused it, which may be the error of a driver', () => {
    const leaving = leavingError(coded('Busy.', 'Wait.', { cause: new Error('INSERT … s3cret') }), REDACTOR);
    expect(leaving).toMatchObject({ code: 'FLG_STORE_UNREACHABLE', hint: 'Wait.' });
    expect(leaving.cause).toBeUndefined();
  });
});
