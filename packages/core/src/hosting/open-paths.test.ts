import { describe, expect, test } from '@jest/globals';
import { isOpenPath } from './open-paths.js';

describe('a path that is open', () => {
  test.each([
    ['/health/live', ['/health/live']],
    ['/health/live/', ['/health/live']],
    ['/health/live?verbose=1', ['/health/live']],
    ['/health/live#top', ['/health/live']],
    ['http://shop.example/health/live', ['/health/live']],
    ['http://[::1]:3000/health/live', ['/health/live']],
    ['/public/logo.svg', ['/public/*']],
    ['/public/icons/a.svg', ['/public/*']],
    ['/v2/ping', ['/health/live', /^\/v\d+\/ping$/]],
  ])('%s by %j', (url, open) => {
    expect(isOpenPath(url, open)).toBe(true);
  });

  test.each([
    ['/orders', []],
    ['/orders', ['/health/live']],
    ['/health/live/more', ['/health/live']],
    ['/health/lives', ['/health/live']],
    ['/orders?path=/health/live', ['/health/live']],
    ['/public', ['/public/*']],
    ['http://public/orders', [/public\//]],
    ['http://shop;orders/public/1', ['/public/*']],
    ['http://shop%2Forders/public/1', ['/public/*']],
    ['http://me@shop/public/1', ['/public/*']],
    ['/v2/pings', [/^\/v\d+\/ping$/]],
  ])('not %s by %j', (url, open) => {
    expect(isOpenPath(url, open)).toBe(false);
  });

  test.each([
    '/public/../orders',
    '/public/%2e%2E/orders',
    '/public/.%2e/orders',
    '/public\\..\\orders',
    '/public/..%2Forders',
    '/public%5c..%5corders',
    '/public/..',
  ])('not %s, which a router may take for another path', (url) => {
    expect(isOpenPath(url, ['/public/*', /^\/public/])).toBe(false);
  });

  test('is as open the second time, whatever the flags of the pattern', () => {
    const open = [/live/g, /ready/y];
    expect([isOpenPath('/live', open), isOpenPath('/live', open)]).toEqual([true, true]);
  });
});
