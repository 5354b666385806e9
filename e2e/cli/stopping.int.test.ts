import { setTimeout as pause } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { describeOnDatabases } from './databases.js';
import type { Systems } from './systems.js';

const LONG = 60_000;

await describeOnDatabases('A signal at apply', (open) => {
  let systems: Systems;
  beforeEach(async () => {
    systems = await open();
  });
  afterEach(() => systems.sandbox.close());

  /** A run whose second change is under way. */
  async function running(
    incident: 'slow' | 'long',
    ...parameters: readonly string[]
  ): Promise<ReturnType<Systems['commandLine']['start']>> {
    const started = systems.commandLine.with({ INCIDENT: incident }).start('apply', ...parameters);
    await started.shows(/_0001__CreateOrders .* applied/);
    while (systems.registered().length === 0) await pause(20);
    return started;
  }

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    // The terminal has gone away.
    ['SIGHUP', 129],
  ] as const)(
    'one %s lets the change finish and begins no other',
    async (signal, expected) => {
      const drained = await running('slow');
      drained.signal(signal);
      await drained.shows(/stopping: the current change may finish/);
      const { code, stderr } = await drained.finished;
      expect(code).toBe(expected);
      expect(stderr).toMatch(/✔ _0002__RegisterOrderEvent/);
      expect(stderr).toContain('FLG_CLOSED');
      expect(await systems.commandLine.json('status')).toMatchObject({
        counts: { applied: 2, pending: 1 },
        lock: null,
      });
    },
    LONG,
  );

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'a second %s stops it, and what became of it is recorded',
    async (signal, expected) => {
      const stopped = await running('long');
      stopped.signal(signal);
      await stopped.shows(/stopping: /);
      // Sooner it would be the same one, which npm has passed on.
      await pause(1_100);
      stopped.signal(signal);
      expect(await stopped.finished).toMatchObject({ code: expected, stdout: '' });
      expect(await systems.commandLine.json('status')).toMatchObject({
        counts: { applied: 1, blocked: 1, running: 0 },
        lock: null,
      });
    },
    LONG,
  );

  test(
    'with --json the last line tells why, and the code is that of the signal',
    async () => {
      const drained = await running('slow', '--json');
      drained.signal('SIGTERM');
      const { code, stdout } = await drained.finished;
      expect(code).toBe(143);
      const lines = stdout.trimEnd().split('\n');
      expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ ok: false, error: { code: 'FLG_CLOSED' } });
    },
    LONG,
  );

  test(
    'ends one that waits for the lock at once',
    async () => {
      const holder = await running('long');
      const waiting = systems.commandLine.start('apply', '--wait');
      await waiting.shows(/waiting for process \d+ on /);
      waiting.signal('SIGTERM');
      expect(await waiting.finished).toMatchObject({ code: 143, stdout: '' });
      holder.signal('SIGKILL');
      expect(await holder.finished).toMatchObject({ code: null });
    },
    LONG,
  );

  test(
    'through a pipe a change that takes long tells that it is still running',
    async () => {
      const long = await running('long');
      await long.shows(/… _0002__RegisterOrderEvent .* still running, 1\d s: \d+ of 400\n/);
      long.signal('SIGKILL');
      const { stderr } = await long.finished;
      // Lines alone: nothing of them moves a cursor or clears a line.
      expect(stderr).toBe(stripVTControlCharacters(stderr).replaceAll('\r', ''));
    },
    LONG,
  );
});
