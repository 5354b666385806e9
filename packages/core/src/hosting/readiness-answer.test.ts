import { expect, test } from '@jest/globals';
import type { Readiness } from '../flamingock.js';
import { readinessAnswer } from './readiness-answer.js';

const ready: Readiness = { ready: true, state: 'ready', applied: 2, pending: 0 };
const running: Readiness = {
  ready: false,
  state: 'running',
  applied: 1,
  pending: 1,
  current: {
    change: '_0002__Fill',
    targetSystem: 'orders-db',
    since: '2026-01-01T00:00:00.000Z',
    progress: { done: 3, total: 9 },
  },
};

test('an engine whose changes are all applied is up', () => {
  expect(readinessAnswer({ flamingock: ready })).toEqual({
    statusCode: 200,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: {
      status: 'ok',
      info: { flamingock: { status: 'up', state: 'ready', applied: 2, pending: 0 } },
      error: {},
      details: { flamingock: { status: 'up', state: 'ready', applied: 2, pending: 0 } },
    },
  });
});

test('one that runs is down, and shows its change and how far that has come', () => {
  const entry = { status: 'down', state: 'running', applied: 1, pending: 1, current: running.current };
  expect(readinessAnswer({ flamingock: running })).toMatchObject({
    statusCode: 503,
    body: { status: 'error', info: {}, error: { flamingock: entry }, details: { flamingock: entry } },
  });
});

test('one that waits names the holder of the lock', () => {
  const holder = { host: 'pod-1', processId: 7, since: '2026-01-01T00:00:00.000Z' };
  const { body } = readinessAnswer({
    orders: { ready: false, state: 'waiting', applied: 1, pending: 1, holder },
  });
  expect(body.error['orders']).toMatchObject({ state: 'waiting', holder });
});

test('one that failed tells the code', () => {
  const failed: Readiness = { ...running, state: 'failed', error: { code: 'FLG_CHANGE_FAILED' } };
  expect(readinessAnswer({ flamingock: failed })).toMatchObject({
    statusCode: 503,
    body: {
      error: { flamingock: { status: 'down', state: 'failed', error: { code: 'FLG_CHANGE_FAILED' } } },
    },
  });
});

test('one that is behind its ledger is degraded and takes traffic', () => {
  expect(readinessAnswer({ flamingock: { ...ready, state: 'degraded' } })).toMatchObject({
    statusCode: 200,
    body: { status: 'degraded', info: { flamingock: { status: 'degraded' } }, error: {} },
  });
});

test('one that is closed is shutting down', () => {
  expect(readinessAnswer({ flamingock: { ...ready, ready: false, state: 'closed' } })).toMatchObject({
    statusCode: 503,
    body: { status: 'shutting_down' },
  });
});

test('of several engines all have to be ready', () => {
  expect(readinessAnswer({ orders: ready, billing: running })).toMatchObject({
    statusCode: 503,
    body: { status: 'error', info: { orders: { status: 'up' } }, error: { billing: { status: 'down' } } },
  });
  expect(readinessAnswer({ orders: ready, billing: { ...ready, state: 'degraded' } })).toMatchObject({
    statusCode: 200,
    body: { status: 'degraded', details: { orders: { status: 'up' }, billing: { status: 'degraded' } } },
  });
});
