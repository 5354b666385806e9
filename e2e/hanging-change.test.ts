import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Outcome } from './fixtures/report-run.mjs';
import { Sandbox } from './harness/sandbox.mjs';

const FIXTURE = fileURLToPath(new URL('./fixtures/hanging-change.mjs', import.meta.url));

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.open();
});
afterEach(() => sandbox.close());

describe('A process whose change waits for something that never comes', () => {
  it('does not end as if all were well, and ends when it is told to', async () => {
    const child = sandbox.start('hanging', [FIXTURE]);
    await child.line(/^waiting$/);
    // A process that nothing keeps alive ends in the same turn.
    await pause(500);
    expect(child.exitCode).toBeNull();
    child.signal('SIGTERM');
    const [line] = await child.line(/^\{.*\}$/);
    expect((JSON.parse(line) as Outcome).outcome).toBe('FLG_ISSUE_OPEN');
    await child.line(/^closed$/);
    await expect(child.exited).resolves.toEqual({ code: 3, signal: null });
    expect(child.output).toMatch(/_0001__Hangs ignored for 100 ms that it was told to stop \(FLG_CLOSED\)/);
  });

  it('ends at the deadline of the change', async () => {
    const child = sandbox.start('hanging', [FIXTURE, '--deadline', '200']);
    const [line] = await child.line(/^\{.*\}$/);
    expect(JSON.parse(line) as Outcome).toMatchObject({
      outcome: 'FLG_ISSUE_OPEN',
      message: expect.stringContaining('deadline of 200 ms'),
    });
    await expect(child.exited).resolves.toEqual({ code: 3, signal: null });
  });
});
