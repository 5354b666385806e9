import { afterEach, expect, jest, test } from '@jest/globals';
import type { Hosted } from '@flamingock/core/hosting';
import { NextRequest } from 'next/server.js';
import { registration } from './registration.js';

const { flamingockGate } = await import('./gate.js');

const refuse = jest.fn<Hosted['refuse']>();

/** What a process with an engine has registered. */
function register(hold: 'block' | 'background' = 'background'): void {
  const flamingock = { readiness: () => ({ ready: true, state: 'ready', applied: 1, pending: 0 }) };
  registration().hosted = { refuse, flamingock, hosting: { hold } } as unknown as Hosted;
}

const request = new NextRequest('http://shop.example/orders?page=2');

afterEach(() => {
  Object.assign(registration(), { hosted: undefined, gated: false });
});

test('lets a request pass that the engine lets pass', () => {
  register();
  expect(flamingockGate(request)).toBeUndefined();
  expect(refuse).toHaveBeenCalledWith(expect.objectContaining({ method: 'GET', url: '/orders' }));
});

test('answers what the engine answers to one that must not pass', async () => {
  register();
  const body = {
    type: 'about:blank',
    title: 'Service Unavailable',
    status: 503,
    detail: 'starting',
  } as const;
  refuse.mockReturnValueOnce({
    statusCode: 503,
    headers: { 'retry-after': '5', 'content-type': 'application/problem+json; charset=utf-8' },
    body,
  });
  const answer = flamingockGate(request);
  expect(answer?.status).toBe(503);
  expect(answer?.headers.get('retry-after')).toBe('5');
  expect(answer?.headers.get('content-type')).toContain('application/problem+json');
  await expect(answer?.json()).resolves.toEqual(body);
});

test('answers a person in a browser the sentence as it is', async () => {
  register();
  const headers = { 'content-type': 'text/plain; charset=utf-8', refresh: '5' };
  refuse.mockReturnValueOnce({ statusCode: 503, headers, body: 'starting' });
  const answer = flamingockGate(new NextRequest(request.url, { headers: { accept: 'text/html' } }));
  expect(refuse).toHaveBeenLastCalledWith(expect.objectContaining({ headers: { accept: 'text/html' } }));
  expect(Object.fromEntries(answer?.headers ?? [])).toMatchObject(headers);
  await expect(answer?.text()).resolves.toBe('starting');
});

test('refuses everything where nothing is registered, so that nothing passes by mistake', () => {
  expect(() => flamingockGate(request)).toThrow(/FLG_OPTION_INVALID[^]*instrumentation\.ts/);
});

test('knows the path without the base path of the application', () => {
  register();
  flamingockGate(new NextRequest('http://shop.example/shop/orders', { nextConfig: { basePath: '/shop' } }));
  expect(refuse).toHaveBeenLastCalledWith(expect.objectContaining({ method: 'GET', url: '/orders' }));
});
