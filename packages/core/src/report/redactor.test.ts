import { describe, expect, test } from '@jest/globals';
import { Redactor } from './redactor.js';

const redactor = new Redactor(['s3cret', 's3cret-long/with slash', 'quo"ted\\', '']);

describe('what leaves the process', () => {
  test.each([
    ['a registered secret', 'login with s3cret failed', 'login with *** failed'],
    ['a secret that contains another one', 'key s3cret-long/with slash!', 'key ***!'],
    ['a secret in its JSON form', `{"key":${JSON.stringify('quo"ted\\')}}`, '{"key":"***"}'],
    ['a secret in its URL form', 'GET /s3cret-long%2Fwith%20slash', 'GET /***'],
    ['user information of a URL', 'postgres://app:hunter2@db:5432/orders', 'postgres://***@db:5432/orders'],
    [
      'a query string',
      'https://api.test/contracts?token=abc failed',
      'https://api.test/contracts?*** failed',
    ],
    ['a password with an @ in it', 'postgres://app:p@ss@db/orders', 'postgres://***@db/orders'],
    ['the query of any URL', 'postgres://db/orders?password=hunter2', 'postgres://db/orders?***'],
    ['nothing', 'column "payment_metod" does not exist', 'column "payment_metod" does not exist'],
  ])('is without %s', (_what, text, clean) => {
    expect(redactor.redact(text)).toBe(clean);
  });
});

describe('what is recorded of an error', () => {
  test('its name, its code and the first line of its message', () => {
    const error = Object.assign(new RangeError('no such column\nSELECT secret FROM statements'), {
      code: '42703',
      parameters: ['x'],
    });
    expect(redactor.record(error)).toEqual({ name: 'RangeError', code: '42703', message: 'no such column' });
  });

  test('sentences that caused each other, without a full stop in between', () => {
    const error = new Error('Everything was rolled back.', { cause: new Error('no such table: x') });
    expect(redactor.record(error).message).toBe('Everything was rolled back: no such table: x');
  });

  test('what caused it, where its own message says little', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
    const recorded = redactor.record(
      new TypeError('fetch failed', { cause: new AggregateError([refused], '') }),
    );
    expect(recorded).toEqual({
      name: 'TypeError',
      code: 'ECONNREFUSED',
      message: 'fetch failed: connect ECONNREFUSED 127.0.0.1:1',
    });
  });

  test.each([
    ['a text', 'boom', 'boom'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
  ])('also of %s that was thrown', (_what, thrown, message) => {
    expect(redactor.record(thrown)).toEqual({ name: 'Error', message });
  });

  test('no part of a secret that has several lines', () => {
    const key = new Redactor(['BEGIN KEY\nhunter2\nEND KEY']);
    const error = new Error('cannot sign with BEGIN KEY\nhunter2\nEND KEY: wrong');
    expect(key.record(error).message).toBe('cannot sign with ***: wrong');
  });

  test('also of a very long text without a blank, which must not hold up the lease', () => {
    expect(redactor.record(new Error('x'.repeat(1_000_000))).message).toHaveLength(500);
  });

  test('something, where reading it fails', () => {
    const error = new Proxy(
      {},
      {
        get: () => {
          throw new Error('trap');
        },
      },
    );
    expect(redactor.record(error).message).toBe('it threw something that cannot be read');
  });

  test('at most 500 characters', () => {
    expect(redactor.record(new Error('x'.repeat(10_000))).message).toHaveLength(500);
  });
});
