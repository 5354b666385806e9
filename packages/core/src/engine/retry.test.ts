import { describe, expect, test } from '@jest/globals';
import { changeOf } from '../../test/change-of.js';
import { plainTarget } from '../../test/faults.js';
import { instance, KEY, storyOf } from '../../test/instance.js';
import { plain, play, transactional } from '../../test/play.js';
import type { Change } from '../change/change.js';
import { Transient } from '../change/transient.js';
import type { ChangeEntry } from '../ledger/entry.js';
import { unseal } from '../ledger/seal.js';
import { MemoryDatabase } from '../memory/memory-database.js';
import { memoryAuditStore } from '../memory/memory-store.js';
import { memoryTarget } from '../memory/memory-target.js';
import type { Target } from '../target/target.js';
import { systemTime } from '../time.js';

const patient: Partial<Change> = {
  recovery: 'ALWAYS_RETRY',
  retry: { attempts: 3, backoffMs: 5, maxBackoffMs: 20 },
};

/** Fails so often, and then succeeds. */
function failingTimes(times: number, error: () => unknown): { apply: () => void; tries: () => number } {
  let tries = 0;
  return {
    tries: () => tries,
    apply: () => {
      tries += 1;
      if (tries <= times) throw error();
    },
  };
}

describe('a change that may be tried several times in one run', () => {
  test('and fails for the moment is applied by a later attempt, each of which is recorded', async () => {
    const { apply } = failingTimes(2, () => new Transient('busy'));
    const { error, story, one, ledger } = await play(plain(apply, patient));
    expect(error).toBeUndefined();
    expect(story).toEqual([
      'a:STARTED:none',
      'a:FAILED:none',
      'a:STARTED:none',
      'a:FAILED:none',
      'a:STARTED:none',
      'a:APPLIED:none',
    ]);
    const { entries } = await memoryAuditStore(ledger).read(KEY, 0);
    const changes = entries.map(unseal).filter((entry): entry is ChangeEntry => entry.kind === 'execution');
    expect(changes.map(({ attempt }) => attempt)).toEqual([1, 1, 2, 2, 3, 3]);
    expect(changes.some(({ final }) => final === true)).toBe(false);
    const delays = one.events.flatMap((event) => (event.type === 'change-failed' ? [event.retryMs] : []));
    expect(delays).toEqual([expect.any(Number), expect.any(Number)]);
  });

  test.each([
    ['the shortest', 0, [4, 8, 12, 12]],
    ['the longest', 1, [8, 16, 24, 24]],
  ])(
    'waits twice as long from attempt to attempt, up to a ceiling; half of it is chance: %s',
    async (_, chance, waits) => {
      const { apply } = failingTimes(99, () => new Transient('busy'));
      const retry = { attempts: 5, backoffMs: 8, maxBackoffMs: 24 };
      const time = { ...systemTime, random: () => chance };
      const { one } = await play(plain(apply, { ...patient, retry }), { time });
      const delays = one.events.flatMap((event) => (event.type === 'change-failed' ? [event.retryMs] : []));
      expect(delays).toEqual([...waits, undefined]);
    },
  );

  test('fails for all when its attempts are used up', async () => {
    const { apply, tries } = failingTimes(99, () => new Transient('busy'));
    const { error, last } = await play(transactional(apply, patient), { targets: { db: memoryTarget() } });
    expect(error).toMatchObject({ code: 'FLG_CHANGE_FAILED', message: expect.stringContaining('busy') });
    expect(tries()).toBe(3);
    expect(last).toMatchObject({ state: 'FAILED', proof: 'transaction', final: true, attempt: 3 });
  });

  test.each<[string, unknown]>([
    ['nobody calls transient', new Error('wrong')],
    ['is no error', 'wrong'],
  ])('is not repeated for what %s', async (_what, thrown) => {
    const { apply, tries } = failingTimes(99, () => thrown);
    await play(plain(apply, patient));
    expect(tries()).toBe(1);
  });

  test('is repeated for what its target calls transient, also where that is only the cause', async () => {
    const deadlock = Object.assign(new Error('deadlock detected'), { code: '40P01' });
    const db: Target = { ...memoryTarget(), isTransient: (error) => error === deadlock };
    const { apply } = failingTimes(1, () => new Error('could not write', { cause: deadlock }));
    const { error } = await play(transactional(apply, patient), { targets: { db } });
    expect(error).toBeUndefined();
  });

  test('is repeated where nothing was sent', async () => {
    const { apply } = failingTimes(1, () => new Error('connect ECONNREFUSED'));
    const targets = { api: plainTarget([], () => ({ proof: 'not-sent', settled: true })) };
    expect((await play(plain(apply, patient), { targets })).error).toBeUndefined();
  });

  test('is not repeated after it was told to stop, because it may still act', async () => {
    let tries = 0;
    const stubborn = plain(
      ({ signal }) =>
        new Promise((_resolve, reject) => {
          tries += 1;
          signal.addEventListener('abort', () => {
            reject(new Transient('aborted'));
          });
        }),
      { ...patient, deadlineMs: 300 },
    );
    await play(stubborn);
    expect(tries).toBe(1);
  });

  test('a shutdown ends the wait for the next attempt', async () => {
    const { apply, tries } = failingTimes(99, () => new Transient('busy'));
    const retry = { attempts: 3, backoffMs: 60_000, maxBackoffMs: 60_000 };
    const { error, last, ledger } = await play(plain(apply, { ...patient, retry }), {}, (one) => {
      const look = setInterval(() => {
        if (!one.events.some(({ type }) => type === 'change-failed')) return;
        clearInterval(look);
        one.close();
      }, 5);
    });
    expect(error).toMatchObject({ code: 'FLG_CLOSED' });
    expect(tries()).toBe(1);
    expect(last?.final).toBeUndefined();
    expect(ledger.ledger(KEY).lock).toBeUndefined();
  });

  test('the end of the time of the run ends that wait too', async () => {
    const { apply } = failingTimes(99, () => new Transient('busy'));
    const retry = { attempts: 3, backoffMs: 60_000, maxBackoffMs: 60_000 };
    const { error } = await play(plain(apply, { ...patient, retry }), { runDeadlineMs: 4000 });
    expect(error).toMatchObject({ code: 'FLG_DEADLINE' });
  });

  test('those who wait for this instance do not fail with an attempt that is not the last', async () => {
    const ledger = new MemoryDatabase();
    const { apply, tries } = failingTimes(1, () => new Transient('busy'));
    const retry = { attempts: 2, backoffMs: 500, maxBackoffMs: 500 };
    const parts = {
      store: memoryAuditStore(ledger),
      targets: { db: memoryTarget(new MemoryDatabase()) },
      changes: [transactional(apply, { ...patient, retry })],
    };
    const [first, second] = [instance(parts), instance(parts)];
    const outcomes = await Promise.all([first.start(), second.start()]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['applied', 'waited']);
    expect(tries()).toBe(2);
  });

  test('one that asks for no further attempt has one', async () => {
    const { apply, tries } = failingTimes(99, () => new Transient('busy'));
    await play(changeOf('_0001__a', { ...plain(apply), recovery: 'ALWAYS_RETRY' }));
    expect(tries()).toBe(1);
  });
});

test('an attempt in one transaction with the ledger is repeated like any other', async () => {
  const database = new MemoryDatabase();
  const { apply } = failingTimes(1, () => new Transient('busy'));
  const { error } = await play(transactional(apply, patient), {
    ledger: database,
    targets: { db: memoryTarget(database) },
  });
  expect(error).toBeUndefined();
  expect(await storyOf(database)).toEqual(['a:FAILED:transaction', 'a:APPLIED:transaction']);
});
