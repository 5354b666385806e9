import { describe, expect, test } from '@jest/globals';
import { FlamingockError } from '../errors.js';
import type { RunReport } from '../run-report.js';
import { ReadinessTracker } from './readiness-tracker.js';

const change = { id: 'a', displayName: '_0001__A', targetSystem: 'db' };
const report: RunReport = {
  outcome: 'applied',
  executionId: 'e',
  applied: [],
  settled: [],
  total: 2,
  ahead: [],
  durationMs: 1,
};

describe('what a probe is told', () => {
  test('is not ready before the sequence is complete', () => {
    const tracker = new ReadinessTracker();
    expect(tracker.current).toEqual({ ready: false, state: 'idle', applied: 0, pending: 0 });
    tracker.observe({ type: 'run-started', executionId: 'e', applied: 0, pending: 2 });
    expect(tracker.current).toEqual({ ready: false, state: 'running', applied: 0, pending: 2 });
    tracker.observe({ type: 'change-started', change, attempt: 1, strategy: 'NON_TX' });
    expect(tracker.current).toMatchObject({
      state: 'running',
      current: { change: '_0001__A', targetSystem: 'db' },
    });
    tracker.observe({ type: 'change-applied', change, durationMs: 1, proof: 'none' });
    expect(tracker.current).toEqual({ ready: false, state: 'running', applied: 1, pending: 1 });
    tracker.succeeded(report);
    expect(tracker.current).toEqual({ ready: true, state: 'ready', applied: 2, pending: 0 });
  });

  test('is not ready after a run that was to end before the end of the sequence', () => {
    const tracker = new ReadinessTracker();
    tracker.succeeded({ ...report, remaining: 3 });
    expect(tracker.current).toEqual({ ready: false, state: 'idle', applied: 2, pending: 3 });
  });

  test('shows how far the current change has come, until the next one begins', () => {
    const tracker = new ReadinessTracker();
    tracker.observe({ type: 'run-started', executionId: 'e', applied: 0, pending: 2 });
    tracker.observe({ type: 'change-started', change, attempt: 1, strategy: 'NON_TX' });
    tracker.observe({ type: 'change-progress', change, progress: { done: 3, total: 9 } });
    expect(tracker.current).toMatchObject({
      state: 'running',
      pending: 2,
      current: { change: '_0001__A', progress: { done: 3, total: 9 } },
    });
    tracker.observe({ type: 'change-started', change, attempt: 2, strategy: 'NON_TX' });
    expect(tracker.current.current).not.toHaveProperty('progress');
  });

  test('names the holder while it waits, without its instance id', () => {
    const tracker = new ReadinessTracker();
    const holder = {
      owner: 'secret-id',
      host: 'pod-1',
      processId: 7,
      acquiredAt: 0,
      expiresAt: 1,
      leaseMs: 1,
    };
    tracker.observe({ type: 'waiting', holder, applied: 1, pending: 1 });
    expect(tracker.current).toEqual({
      ready: false,
      state: 'waiting',
      applied: 1,
      pending: 1,
      holder: { host: 'pod-1', processId: 7, since: '1970-01-01T00:00:00.000Z' },
    });
  });

  test('is degraded when the ledger is ahead of the code', () => {
    const tracker = new ReadinessTracker();
    tracker.succeeded({ ...report, ahead: ['newer'] });
    expect(tracker.current).toMatchObject({ ready: true, state: 'degraded' });
  });

  test('after a failure is its code and nothing of its message', () => {
    const tracker = new ReadinessTracker();
    tracker.failed(new FlamingockError({ code: 'FLG_CHANGE_FAILED', message: 'postgres://u:p@h', hint: '' }));
    expect(tracker.current).toEqual({
      ready: false,
      state: 'failed',
      applied: 0,
      pending: 0,
      error: { code: 'FLG_CHANGE_FAILED' },
    });
  });

  test('is closed as soon as it is being closed, with the change that still runs until that has ended', () => {
    const tracker = new ReadinessTracker();
    tracker.observe({ type: 'run-started', executionId: 'e', applied: 0, pending: 2 });
    tracker.observe({ type: 'change-started', change, attempt: 1, strategy: 'NON_TX' });
    tracker.closing();
    expect(tracker.current).toMatchObject({ state: 'closed', pending: 2, current: { change: '_0001__A' } });
    tracker.observe({ type: 'change-progress', change, progress: { done: 3 } });
    expect(tracker.current).toMatchObject({ state: 'closed', current: { progress: { done: 3 } } });
    tracker.observe({ type: 'change-applied', change, durationMs: 1, proof: 'none' });
    expect(tracker.current).toEqual({ ready: false, state: 'closed', applied: 1, pending: 1 });
  });

  test('is never ready again once it is being closed, also where the run succeeds', () => {
    const tracker = new ReadinessTracker();
    tracker.closing();
    tracker.succeeded(report);
    expect(tracker.current).toEqual({ ready: false, state: 'closed', applied: 2, pending: 0 });
  });
});
