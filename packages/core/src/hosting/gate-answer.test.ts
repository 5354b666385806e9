import { expect, test } from '@jest/globals';
import type { Readiness } from '../flamingock.js';
import { gateAnswer } from './gate-answer.js';
import type { GateRequest } from './open-paths.js';

const PROGRAM: GateRequest = { method: 'GET', headers: { accept: '*/*' } };
/** What a browser accepts when it loads a page. */
const PERSON: GateRequest = {
  method: 'GET',
  headers: { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8' },
};

const waiting: Readiness = {
  ready: false,
  state: 'waiting',
  applied: 1,
  pending: 1,
  current: { change: '_0001__Secret', targetSystem: 'vault', since: '2026-01-01T00:00:00.000Z' },
  holder: { host: 'pod-1', processId: 7, since: '2026-01-01T00:00:00.000Z' },
};

test('a refused request is told when to come again, in a problem that no cache keeps', () => {
  expect(gateAnswer(waiting, 7, PROGRAM)).toMatchObject({
    statusCode: 503,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
      'retry-after': '7',
    },
    body: { type: 'about:blank', title: 'Service Unavailable', status: 503 },
  });
});

test('a person whose browser asks for a page can read the answer, and the browser comes again by itself', () => {
  expect(gateAnswer(waiting, 7, PERSON)).toEqual({
    statusCode: 503,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'retry-after': '7',
      refresh: '7',
    },
    body: 'The application is starting: it does not serve before its changes are applied.',
  });
});

test.each([
  ['a form that was sent: it would be lost', { ...PERSON, method: 'POST' }, 'idle'],
  ['an application that does not come', PERSON, 'failed'],
] as const)('no browser comes again by itself after %s', (_, request, state) => {
  const { headers } = gateAnswer({ ...waiting, state }, 7, request);
  expect(headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', 'retry-after': '7' });
  expect(headers).not.toHaveProperty('refresh');
});

test.each(['*/*', 'application/json', 'application/json, text/html;q=0.5', 'image/webp,*/*', undefined])(
  'a program that accepts %s is answered the problem',
  (accept) => {
    const { headers } = gateAnswer(waiting, 7, { method: 'GET', headers: { accept } });
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
  },
);

test.each([
  ['a program', PROGRAM],
  ['a person', PERSON],
])('%s is told no change, host or target system', (_, request) => {
  expect(JSON.stringify(gateAnswer(waiting, 7, request))).not.toMatch(/Secret|vault|pod-1/);
});

test.each([
  ['idle', 'is starting'],
  ['running', 'is starting'],
  ['waiting', 'is starting'],
  ['failed', 'could not start'],
  ['closed', 'could not start'],
] as const)('while the engine is %s it says that the application %s', (state, said) => {
  expect(gateAnswer({ ...waiting, state }, 5, PERSON).body).toContain(said);
  expect(gateAnswer({ ...waiting, state }, 5, PROGRAM).body).toMatchObject({
    detail: expect.stringContaining(said),
  });
});
