import { describe, expect, test } from '@jest/globals';
import { clientUse } from '../../../test/client-use.js';
import type { ClientUse } from '../target.js';
import { IdempotencyKeys } from './idempotency-key.js';

const POST = { method: 'POST', path: '/routes' };
const first = (use: Partial<ClientUse> = {}, body = '{}'): string | undefined =>
  new IdempotencyKeys(clientUse(use)).next(POST, body);

test('every attempt names the same request the same, by a UUID that tells nothing', () => {
  expect(first()).toBe(first());
  expect(first()).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
});

test.each<readonly [string, Partial<ClientUse>]>([
  ['service', { key: { service: 'shop', environment: 'test', tenant: '' } }],
  ['environment', { key: { service: 'orders', environment: 'production', tenant: '' } }],
  ['tenant', { key: { service: 'orders', environment: 'test', tenant: 'a' } }],
  ['change', { changeId: 'other' }],
  ['direction', { method: 'rollback' }],
  ['state of the ledger after it was taken back', { absentSince: 7 }],
])('another %s has another name for it', (_what, use) => {
  expect(first(use)).not.toBe(first());
});

describe('a request without a step', () => {
  test('is known by its content, so that what an attempt leaves out takes no other one’s name', () => {
    const keys = new IdempotencyKeys(clientUse());
    const [a, b] = ['{"item":1}', '{"item":2}'].map((body) => keys.next(POST, body));
    expect(a).not.toBe(b);
    expect(first({}, '{"item":2}')).toBe(b);
  });

  test('that says the same again is another one', () => {
    const keys = new IdempotencyKeys(clientUse());
    expect(keys.next(POST, '{}')).not.toBe(keys.next(POST, '{}'));
  });
});

describe('a step', () => {
  const add = { ...POST, step: 'add' };
  const refused: unknown = expect.objectContaining({ code: 'HTTP_STEP' });

  test('names a request whatever is in it, and two steps are two', () => {
    const [keys, later] = [new IdempotencyKeys(clientUse()), new IdempotencyKeys(clientUse())];
    const name = keys.next(add, '{"at":1}');
    expect(later.next(add, '{"at":2}')).toBe(name);
    expect(later.next({ ...POST, step: 'again' }, '{}')).not.toBe(name);
  });

  test('names one request of a call, whatever the other one is', () => {
    const keys = new IdempotencyKeys(clientUse());
    keys.next(add, '{}');
    expect(() => keys.next(add, '{}')).toThrow(refused);
    expect(() => keys.next({ method: 'PATCH', path: '/other', step: 'add' }, '{}')).toThrow(refused);
  });

  test('may be tried again, under the same name, where it has failed', () => {
    const keys = new IdempotencyKeys(clientUse());
    const name = String(keys.next(add, '{}'));
    keys.failed(name);
    expect(keys.next(add, '{}')).toBe(name);
  });

  test('is nobody’s where no name is needed', () => {
    const keys = new IdempotencyKeys(clientUse());
    const put = { ...add, method: 'PUT' };
    expect([keys.next(put, '{}'), keys.next(put, '{}')]).toEqual([undefined, undefined]);
  });
});

test.each(['GET', 'HEAD', 'PUT', 'DELETE'])('%s needs no name', (method) => {
  expect(new IdempotencyKeys(clientUse()).next({ ...POST, method }, undefined)).toBeUndefined();
});

test('what verify asks is answered anew each time', () => {
  expect(first({ method: 'verify' })).toBeUndefined();
});
