import { describe, expect, test } from '@jest/globals';
import { isOpen } from './open-paths.js';

const get = (url: string): { method: string; url: string } => ({ method: 'GET', url });

describe('a path that is open', () => {
  test.each([
    ['/health/live', ['/health/live']],
    ['/health/live/', ['/health/live']],
    ['/health/live?verbose=1', ['/health/live']],
    ['/health/live?back=/../orders;', ['/health/live']],
    ['/health/live#top', ['/health/live']],
    ['/public/logo.svg', ['/public/*']],
    ['/public/icons/a.svg', ['/public/*']],
    ['/v2/ping', ['/health/live', /^\/v\d+\/ping$/]],
  ])('%s by %j', (url, open) => {
    expect(isOpen(get(url), open)).toBe(true);
  });

  test.each([
    ['/orders', []],
    ['/orders', ['/health/live']],
    ['/', ['/health/live']],
    ['', ['/health/live']],
    ['*', [/^.*$/]],
    ['/health/live/more', ['/health/live']],
    ['/health/lives', ['/health/live']],
    ['/HEALTH/live', ['/health/live', /^\/health\/live$/]],
    ['//health/live', ['/health/live']],
    ['/health//live', ['/health/live']],
    ['/health/%6cive', ['/health/live']],
    ['/orders?path=/health/live', ['/health/live', /^.*\/health\/live$/]],
    ['/orders#/health/live', [/^.*\/health\/live$/]],
    ['/orders%3f/health/live', ['/health/live']],
    ['/public', ['/public/*']],
    ['/v2/pings', [/^\/v\d+\/ping$/]],
    ['/orders/v2/ping', [/^\/v\d+\/ping$/]],
    ['/health/live/orders', [/^\/health\/live|\/health\/ready$/]],
    ['/orders/health/ready', [/^\/health\/live|\/health\/ready$/]],
    ['/orders\n/live', [/^\/live$/m]],
  ])('not %j by %j', (url, open) => {
    expect(isOpen(get(url), open)).toBe(false);
  });

  test.each([
    '/public/../orders',
    '/public/%2e%2E/orders',
    '/public/.%2e/orders',
    '/public\\..\\orders',
    '/public/..%2Forders',
    '/public%5c..%5corders',
    '/public/..',
    '/public/live%2f..',
    '/public/..;/orders',
    '/public/.;a=b/orders',
    '/orders;/public/',
    '/orders;/public',
  ])('not %s, which a router may take for another path', (url) => {
    expect(isOpen(get(url), ['/public/*', /^\/public.*$/, /^.*\/public$/])).toBe(false);
  });

  test.each([
    'http://shop.example/public/1',
    'HTTP://shop.example/public/1',
    'http://shop;orders/public/1',
    'http://shop%2Forders/public/1',
    'http://me@shop/public/1',
    'ftp://public/1',
    'shop.example:80',
  ])('not for %s, which names a host', (url) => {
    expect(isOpen(get(url), ['/public/*', /^.*public.*$/])).toBe(false);
  });

  test('for GET and HEAD, and for nothing that may change something', () => {
    const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'get', undefined];
    const open = methods.filter((method) => isOpen({ method, url: '/live' }, ['/live']));
    expect(open).toEqual(['GET', 'HEAD']);
  });

  test('is as open the second time, whatever the flags of the pattern', () => {
    const open = [/^\/live$/g, /^\/ready$/y];
    const twice = ['/live', '/live', '/ready', '/ready'].map((url) => isOpen(get(url), open));
    expect(twice).toEqual([true, true, true, true]);
  });
});
