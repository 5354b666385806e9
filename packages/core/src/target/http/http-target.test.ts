import { describe, expect, test } from '@jest/globals';
import { HttpClient } from './http-client.js';
import { httpTarget } from './http-target.js';

const CLIENTS = ['contracts'];

describe('httpTarget()', () => {
  test('supplies one HttpClient for its base URL', () => {
    const gateway = httpTarget({ baseUrl: 'https://gateway.internal:8443/admin' });
    expect(gateway.supplies(HttpClient)).toBe(true);
    expect(gateway.client(HttpClient)).toBeInstanceOf(HttpClient);
    expect(gateway.client(HttpClient)).toBe(gateway.client(HttpClient));
    expect(gateway.supplies('contracts')).toBe(false);
  });

  test("declares the application's own clients, and supplies none", () => {
    const contracts = httpTarget({ clients: CLIENTS });
    expect(contracts.clients).toEqual(CLIENTS);
    expect(contracts.supplies(HttpClient)).toBe(false);
    expect(contracts.identity).toBeUndefined();
  });

  test('is known by the origin of its base URL, without path and credentials', () => {
    expect(httpTarget({ baseUrl: 'https://me:pw@gateway.internal:8443/admin' }).identity).toBe(
      'https://gateway.internal:8443',
    );
    expect(httpTarget({ baseUrl: 'https://gateway.internal', identity: 'gateway' }).identity).toBe('gateway');
  });

  test.each([
    ['the password', { baseUrl: 'https://me:p%40ss@gateway' }, ['p@ss', 'bWU6cEBzcw==']],
    ['a user name that stands alone', { baseUrl: 'https://t0ken@gateway' }, ['t0ken', 'dDBrZW46']],
    [
      'headers that prove who asks',
      { baseUrl: 'https://gateway', headers: { authorization: 'Bearer abc', accept: 'a/b' } },
      ['Bearer abc', 'abc'],
    ],
    ['nothing else', { baseUrl: 'https://gateway/admin' }, []],
  ])('reports as secret %s', (_name, options, secrets) => {
    expect(httpTarget(options).secrets).toEqual(secrets);
  });

  test.each([
    ['neither base URL nor clients', {}],
    ['a relative base URL', { baseUrl: '/admin' }],
    ['a base URL of another scheme', { baseUrl: 'ftp://gateway' }],
    ['a base URL with a query', { baseUrl: 'https://gateway?key=s3cret' }],
    ['a base URL with broken user information', { baseUrl: 'https://me:s3cret%zz@gateway' }],
    ['an auth that is no function', { baseUrl: 'https://gateway', auth: 'Bearer s3cret' }],
    ['auth without a base URL', { clients: CLIENTS, auth: () => 's3cret' }],
    ['headers that are no texts', { baseUrl: 'https://gateway', headers: { 'x-n': 1 } }],
    ['a time-out of nothing', { baseUrl: 'https://gateway', timeoutMs: 0 }],
    [
      'a time-out that no timer can hold, and that would be over at once',
      { baseUrl: 'https://gateway', timeoutMs: 2 ** 31 },
    ],
    ['a success as a rejection', { clients: CLIENTS, rejectedStatuses: [200] }],
    ['a redirection as a rejection', { clients: CLIENTS, rejectedStatuses: { only: [302] } }],
    ['hosts with ports', { clients: CLIENTS, hosts: ['contracts:8080'] }],
    ['hosts that are no list', { clients: CLIENTS, hosts: 'contracts' }],
    ['a negative number of retries', { baseUrl: 'https://gateway', retries: -1 }],
    ['retries without an end', { baseUrl: 'https://gateway', retries: 11 }],
    ['retries without a base URL', { clients: CLIENTS, retries: 1 }],
    ['keys that are honoured by a text', { baseUrl: 'https://gateway', idempotency: { honoured: 'yes' } }],
    [
      'a header for keys that HTTP does not allow',
      { baseUrl: 'https://gateway', idempotency: { header: 'a b' } },
    ],
    ['an unknown key of keys', { baseUrl: 'https://gateway', idempotency: { honored: true } }],
    ['an identity with credentials', { clients: CLIENTS, identity: 'https://me:s3cret@gateway' }],
  ])('refuses %s, and does not repeat it', (_name, options) => {
    const make = (): unknown => httpTarget(options as Parameters<typeof httpTarget>[0]);
    expect(make).toThrow(expect.objectContaining({ code: 'FLG_OPTION_INVALID' }));
    expect(make).not.toThrow(/s3cret/);
  });

  test('refuses an unknown option, and names the one that was meant', () => {
    const options = { baseUrl: 'https://gateway', rejectedStatus: [503] };
    expect(() => httpTarget(options)).toThrow(/FLG_OPTION_UNKNOWN.*rejectedStatus[^]*rejectedStatuses/);
  });
});
