import { describe, expect, test } from '@jest/globals';
import type { FlamingockEvent } from '../events.js';
import { narrate } from './narrate.js';

const change = { id: 'add-column', displayName: '_0001__AddColumn', targetSystem: 'orders-db' };
const holder = { owner: 'x', host: 'pod-1', processId: 7, acquiredAt: 0, expiresAt: 1, leaseMs: 1 };

function linesOf(event: FlamingockEvent): string[] {
  const lines: string[] = [];
  const to = (level: string) => (message: string) => lines.push(`${level} ${message.replaceAll(/ +/g, ' ')}`);
  narrate(event, { info: to('info'), warn: to('warn'), error: to('error') });
  return lines;
}

describe('what people read', () => {
  test.each<[FlamingockEvent, string[]]>([
    [{ type: 'run-started', executionId: 'e', applied: 0, pending: 4 }, ['info 4 changes to apply']],
    [
      { type: 'waiting', holder, applied: 0, pending: 1 },
      [
        'info waiting for process 7 on pod-1, which has the lock since 1970-01-01T00:00:00.000Z: 1 change pending',
      ],
    ],
    [{ type: 'lock-acquired', tookOverFrom: undefined }, []],
    [
      { type: 'lock-acquired', tookOverFrom: 'x' },
      ['warn took over the lock of an instance whose lease has expired'],
    ],
    [{ type: 'change-started', change, attempt: 1, strategy: 'NON_TX' }, []],
    [
      { type: 'change-started', change, attempt: 2, strategy: 'NON_TX' },
      ['info … _0001__AddColumn orders-db attempt 2'],
    ],
    [
      { type: 'change-applied', change, durationMs: 12, proof: 'transaction' },
      ['info ✔ _0001__AddColumn orders-db applied 12 ms'],
    ],
    [
      {
        type: 'change-failed',
        change,
        durationMs: 3,
        state: 'FAILED',
        proof: 'not-sent',
        error: { name: 'Error', message: 'x' },
      },
      ['error ✘ _0001__AddColumn orders-db FAILED (proof: not-sent) 3 ms'],
    ],
    [
      {
        type: 'change-failed',
        change,
        durationMs: 3,
        state: 'FAILED',
        proof: 'transaction',
        error: { name: 'Error', message: 'deadlock detected' },
        retryMs: 350,
      },
      [
        'warn … _0001__AddColumn orders-db FAILED (proof: transaction) deadlock detected; tried again in 350 ms',
      ],
    ],
    [{ type: 'change-progress', change, progress: { done: 1 } }, []],
    [
      { type: 'change-running', change, runningMs: 40_000, progress: undefined },
      ['info … _0001__AddColumn orders-db still running, 40 s'],
    ],
    [
      {
        type: 'change-running',
        change,
        runningMs: 720_000,
        progress: { done: 1200, total: 50_000, note: 'orders of May' },
      },
      ['info … _0001__AddColumn orders-db still running, 12 min: 1200 of 50000 (orders of May)'],
    ],
    [
      { type: 'event-loop-blocked', change, blockedMs: 41_000 },
      [
        'warn the event loop was blocked for 41 s by _0001__AddColumn: by synchronous code, unless the process was stopped',
      ],
    ],
    [
      { type: 'change-aborting', change, code: 'FLG_DEADLINE', graceMs: 5000 },
      ['warn … _0001__AddColumn orders-db told to stop (FLG_DEADLINE); it has 5 s to do so'],
    ],
    [
      { type: 'change-ignored-abort', change, code: 'FLG_CLOSED', graceMs: 5000 },
      [
        'error _0001__AddColumn ignored for 5 s that it was told to stop (FLG_CLOSED); nobody waits for it any more',
      ],
    ],
    [
      {
        type: 'run-finished',
        settled: 0,
        outcome: 'up-to-date',
        applied: 0,
        total: 4,
        ahead: [],
        durationMs: 2,
      },
      ['info nothing to apply: 4 changes applied already'],
    ],
    [
      {
        type: 'run-finished',
        settled: 0,
        outcome: 'applied',
        applied: 1,
        total: 4,
        ahead: [],
        durationMs: 2,
      },
      ['info 1 change applied in 2 ms (4 in all)'],
    ],
    [
      {
        type: 'run-finished',
        settled: 0,
        outcome: 'up-to-date',
        applied: 0,
        total: 1,
        ahead: ['newer'],
        durationMs: 2,
      },
      [
        'info nothing to apply: 1 change applied already',
        'warn the ledger is ahead of this release, which does not know: newer',
      ],
    ],
  ])('%j', (event, lines) => {
    expect(linesOf(event)).toEqual(lines);
  });
});
