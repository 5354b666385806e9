import { expect, test } from '@jest/globals';
import type { Readiness } from '../flamingock.js';
import { gateAnswer } from './gate-answer.js';

const waiting: Readiness = {
  ready: false,
  state: 'waiting',
  applied: 1,
  pending: 1,
  current: { change: '_0001__Secret', targetSystem: 'vault', since: '2026-01-01T00:00:00.000Z' },
  holder: { host: 'pod-1', processId: 7, since: '2026-01-01T00:00:00.000Z' },
};

test('a refused request is told when to come again, in a problem that no cache keeps', () => {
  expect(gateAnswer(waiting, 7)).toMatchObject({
    statusCode: 503,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
      'retry-after': '7',
    },
    body: { type: 'about:blank', title: 'Service Unavailable', status: 503 },
  });
});

test('it names no change, host or target system: users see it', () => {
  expect(JSON.stringify(gateAnswer(waiting, 7))).not.toMatch(/Secret|vault|pod-1/);
});

test.each([
  ['idle', 'is starting'],
  ['running', 'is starting'],
  ['waiting', 'is starting'],
  ['failed', 'could not start'],
  ['closed', 'could not start'],
] as const)('while the engine is %s it says that the application %s', (state, said) => {
  expect(gateAnswer({ ...waiting, state }, 5).body.detail).toContain(said);
});
