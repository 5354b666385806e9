import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Hosted } from '@flamingock/core/hosting';
import { registration } from './registration.js';

// The real one is there only while Next.js handles a request.
const connection = jest.fn(() => Promise.resolve());
jest.unstable_mockModule('next/server.js', () => ({ connection }));
const { readinessRoute } = await import('./readiness-route.js');

let hold: 'block' | 'background' = 'block';

beforeEach(() => {
  hold = 'block';
});

afterEach(() => {
  Object.assign(registration(), { hosted: undefined, gated: false });
});

function register(ready: boolean): void {
  const readiness = { ready, state: ready ? 'ready' : 'running', applied: 1, pending: ready ? 0 : 1 };
  const flamingock = { readiness: () => readiness };
  registration().hosted = { flamingock, hosting: { hold } } as unknown as Hosted;
}

test.each([
  [true, 200, 'ok', 'up'],
  [false, 503, 'error', 'down'],
])('ready: %p is %p', async (ready, statusCode, status, of) => {
  register(ready);
  const answer = await readinessRoute()();
  expect(answer.status).toBe(statusCode);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  await expect(answer.json()).resolves.toMatchObject({ status, details: { flamingock: { status: of } } });
});

test('is down where nothing was registered', async () => {
  expect((await readinessRoute()()).status).toBe(503);
});

test('is never answered by a build', async () => {
  await readinessRoute()();
  expect(connection).toHaveBeenCalled();
});

test('fails where traffic is held in the background and no request has come through a gate', async () => {
  hold = 'background';
  register(true);
  await expect(readinessRoute()()).rejects.toMatchObject({ code: 'FLG_OPTION_INVALID' });
  registration().gated = true;
  expect((await readinessRoute()()).status).toBe(200);
});
