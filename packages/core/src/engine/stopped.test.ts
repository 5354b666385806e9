import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { changeOf } from '../../test/change-of.js';
import { dyingAt, failing, LEASE_MS, never, plainTarget, verifying } from '../../test/faults.js';
import { asking, instance, KEY, storyOf } from '../../test/instance.js';
import { kinds, plain, play, transactional, untilBegun, untilStopped } from '../../test/play.js';
import { wrappedStore } from '../../test/wrapped-store.js';
import type { ChangeContext } from '../change/change-context.js';
import type { Change } from '../change/change.js';
import { NotApplied } from '../change/not-applied.js';
import { MemoryDatabase } from '../memory/memory-database.js';
import { memoryAuditStore } from '../memory/memory-store.js';
import { memoryTarget, MemoryValues } from '../memory/memory-target.js';
import { systemTime, type Time } from '../time.js';

describe('the deadline of a change', () => {
  test('tells the change to stop, and says why', async () => {
    let reason: unknown;
    const change = transactional(
      async (context) => {
        await untilStopped(context).catch((error: unknown) => {
          reason = error;
          throw error;
        });
      },
      { deadlineMs: 300 },
    );
    const { error, story, one, last } = await play(change, { targets: { db: memoryTarget() } });
    expect(reason).toMatchObject({ code: 'FLG_DEADLINE' });
    expect(error).toMatchObject({ code: 'FLG_CHANGE_FAILED', message: expect.stringContaining('300 ms') });
    expect(story).toEqual(['a:STARTED:none', 'a:FAILED:transaction']);
    expect(last?.error).toMatchObject({ code: 'FLG_DEADLINE' });
    expect(kinds(one)).toContain('change-aborting');
    expect(kinds(one)).not.toContain('change-ignored-abort');
  });

  test('lets a change that ends within the grace period end as it does', async () => {
    const change = plain(
      async (context, effects) => {
        await untilStopped(context).catch(() => undefined);
        effects.push('done after all');
      },
      { deadlineMs: 300 },
    );
    const { error, story } = await play(change);
    expect(error).toBeUndefined();
    expect(story).toEqual(['a:STARTED:none', 'a:APPLIED:none']);
  });

  test.each([
    ['in a transaction with the ledger', true, ['a:FAILED:transaction']],
    ['in a transaction of its own', false, ['a:STARTED:none', 'a:FAILED:transaction']],
  ])('gives up a change that ignores it: %s', async (_where, shared, expected) => {
    const target = new MemoryDatabase();
    const ledger = shared ? target : new MemoryDatabase();
    let goOn = (): void => undefined;
    const later = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let refuse = (_error: unknown): void => undefined;
    const refused = new Promise<unknown>((resolve) => {
      refuse = resolve;
    });
    const change = transactional(
      async (_context, values) => {
        values.set('early', true);
        await later;
        try {
          values.set('late', true);
        } catch (error) {
          refuse(error);
        }
      },
      { deadlineMs: 300 },
    );
    const { error, one } = await play(change, {
      ledger,
      targets: { db: memoryTarget(target) },
    });
    expect(error).toMatchObject({ code: 'FLG_CHANGE_FAILED', message: expect.stringContaining('ignored') });
    expect(await storyOf(ledger)).toEqual(expected);
    expect(kinds(one)).toContain('change-ignored-abort');
    goOn();
    expect(await refused).toMatchObject({ code: 'FLG_TRANSACTION_BROKEN' });
    expect(target.contents().values.size).toBe(0);
  });

  test('without a transaction it proves nothing, no rollback runs, and the lock is left to expire', async () => {
    let rolledBack = false;
    const change = plain(() => never, {
      deadlineMs: 300,
      rollback: asking([], () => {
        rolledBack = true;
      }),
      ...verifying(() => 'NOT_APPLIED'),
    });
    const { error, story, ledger, last } = await play(change);
    expect(error).toMatchObject({ code: 'FLG_ISSUE_OPEN' });
    expect(story).toEqual(['a:STARTED:none', 'a:FAILED:none']);
    expect(last?.error?.message).toContain('ignored');
    expect(rolledBack).toBe(false);
    expect(ledger.ledger(KEY).lock).toBeDefined();
  });

  test('proves nothing either where the change has stopped, and verify finds nothing of it yet', async () => {
    let rolledBack = false;
    const stops = (context: ChangeContext): Promise<never> =>
      untilStopped(context).catch(() => Promise.reject(new Error('gave up')));
    const rollback = asking([], () => {
      rolledBack = true;
    });
    const change = plain(stops, { deadlineMs: 300, rollback, ...verifying(() => 'NOT_APPLIED') });
    expect((await play(change, { abortGraceMs: 5000 })).story.at(-1)).toBe('a:FAILED:none');
    expect(rolledBack).toBe(false);
  });

  test('what the target saw of a change that may still act is no proof', async () => {
    const target = plainTarget([], () => ({ proof: 'rejected', settled: true }));
    const { story } = await play(
      plain(() => never, { deadlineMs: 300 }),
      { targets: { api: target } },
    );
    expect(story.at(-1)).toBe('a:FAILED:none');
  });

  test('a change that has stopped and says itself that it had no effect is believed', async () => {
    const change = plain(
      (context) =>
        untilStopped(context).catch(() => {
          throw new NotApplied('stopped in time');
        }),
      { deadlineMs: 300 },
    );
    const { story, ledger } = await play(change);
    expect(story.at(-1)).toBe('a:FAILED:rejected');
    expect(ledger.ledger(KEY).lock).toBeUndefined();
  });

  test('holds for verify too: one that never answers tells nothing', async () => {
    const change = plain(
      (_context, effects) => {
        failing(effects);
      },
      { deadlineMs: 300, verify: asking([], () => never) },
    );
    expect((await play(change)).story.at(-1)).toBe('a:FAILED:none');
  });
});

describe('the deadline of a run', () => {
  test('stops the change that it comes to', async () => {
    const { error, last } = await play(plain(untilStopped), { runDeadlineMs: 400 });
    expect(error).toMatchObject({ code: 'FLG_ISSUE_OPEN' });
    expect(last?.error).toMatchObject({ code: 'FLG_DEADLINE' });
  });

  test('begins no further change when it is over', async () => {
    const effects: string[] = [];
    const first = transactional((context) => untilStopped(context).catch(() => undefined));
    const second = changeOf('_0002__b', {
      targetSystem: 'plain',
      apply: asking<[string[]]>([Array], ([done]) => done.push('b')),
    });
    const one = instance({
      store: memoryAuditStore(),
      targets: { db: memoryTarget(), plain: plainTarget(effects) },
      changes: [{ ...first, targetSystem: 'db' }, second],
      runDeadlineMs: 400,
      abortGraceMs: 5000,
    });
    await expect(one.start()).rejects.toMatchObject({ code: 'FLG_DEADLINE' });
    expect(effects).toEqual([]);
    await expect(one.start()).resolves.toMatchObject({ applied: [{ id: 'b' }] });
  });
});

describe('a shutdown in the middle of a change', () => {
  test('lets it finish within the grace period, begins no other one, and gives the lock back', async () => {
    const target = new MemoryDatabase();
    const slow = (name: string): Change =>
      changeOf(name, {
        apply: asking<[MemoryValues]>([MemoryValues], async ([values]) => {
          await sleep(100);
          values.set(name, true);
        }),
      });
    const ledger = new MemoryDatabase();
    const one = instance({
      store: memoryAuditStore(ledger),
      targets: { db: memoryTarget(target) },
      changes: [slow('_0001__a'), slow('_0002__b')],
    });
    const started = one.start();
    await untilBegun(one);
    one.close(5000);
    await expect(started).rejects.toMatchObject({ code: 'FLG_CLOSED' });
    expect([...target.contents().values.keys()]).toEqual(['_0001__a']);
    expect(ledger.ledger(KEY).lock).toBeUndefined();
  });

  test('tells it to stop after that, records what is known, and the others need not fail with it', async () => {
    let reason: unknown;
    const change = transactional((context) =>
      untilStopped(context).catch((error: unknown) => {
        reason = error;
        throw error;
      }),
    );
    const { error, story, last, ledger } = await play(
      change,
      { targets: { db: memoryTarget() } },
      async (one) => {
        await untilBegun(one);
        one.close(20);
      },
    );
    expect(reason).toMatchObject({ code: 'FLG_CLOSED' });
    expect(error).toMatchObject({ code: 'FLG_CLOSED' });
    expect(story).toEqual(['a:STARTED:none', 'a:FAILED:transaction']);
    expect(last?.final).toBeUndefined();
    expect(ledger.ledger(KEY).lock).toBeUndefined();
  });

  test('of which nothing is proven leaves an issue, and the lock expires', async () => {
    const { error, story, ledger } = await play(
      plain(() => never),
      {},
      async (one) => {
        await untilBegun(one);
        one.close(0);
      },
    );
    expect(error).toMatchObject({ code: 'FLG_ISSUE_OPEN' });
    expect(story).toEqual(['a:STARTED:none', 'a:FAILED:none']);
    expect(ledger.ledger(KEY).lock).toBeDefined();
  });
});

test('a shutdown while verify is asked about an interrupted change records nothing', async () => {
  const ledger = new MemoryDatabase();
  await new Promise<void>((died) => {
    const store = dyingAt(memoryAuditStore(ledger), 'APPLIED', 'before', died);
    void instance({
      store,
      targets: { api: plainTarget([]) },
      changes: [plain(() => undefined)],
      leaseMs: LEASE_MS,
    })
      .start()
      .catch(() => undefined);
  });
  let asked = (): void => undefined;
  const looking = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const verify = asking([], () => {
    asked();
    return never;
  });
  const change = plain(() => undefined, { verify });
  const { error, story } = await play(change, { ledger, targets: { api: plainTarget([]) } }, async (one) => {
    await looking;
    one.close(0);
  });
  expect(error).toMatchObject({ code: 'FLG_CLOSED' });
  expect(story).toEqual(['a:STARTED:none']);
});

test('a deadline that passes while verify looks at a failure is not held against the change', async () => {
  const change = plain(
    () => {
      throw new Error('failed by itself');
    },
    { deadlineMs: 300, verify: asking([], () => sleep(500).then(() => 'UNKNOWN')) },
  );
  const { last, one } = await play(change, { abortGraceMs: 2000 });
  expect(last?.error).toMatchObject({ message: 'failed by itself' });
  expect(kinds(one)).not.toContain('change-ignored-abort');
});

test('a lost lock tells a change to stop and is not waited for', async () => {
  const ledger = new MemoryDatabase();
  const store = wrappedStore(
    memoryAuditStore(ledger),
    () => ({}),
    () => ({ renew: () => Promise.reject(new Error('the network is gone')) }),
  );
  let reason: unknown;
  const change = plain(({ signal }) => {
    signal.addEventListener('abort', () => {
      reason = signal.reason;
    });
    return never;
  });
  const { error } = await play(change, { ledger, store, leaseMs: LEASE_MS, abortGraceMs: 60_000 });
  expect(error).toMatchObject({ code: 'FLG_LOCK_LOST' });
  expect(reason).toBe(error);
  expect(await storyOf(ledger)).toEqual(['a:STARTED:none']);
});

test('a change that never settles keeps its process alive', async () => {
  let kept = 0;
  const time: Time = {
    ...systemTime,
    keepAlive: () => {
      kept += 1;
      return () => {
        kept -= 1;
      };
    },
  };
  let keptMeanwhile = 0;
  await play(
    plain(() => never),
    { time },
    async (one) => {
      await untilBegun(one);
      keptMeanwhile = kept;
      one.close(0);
    },
  );
  expect(keptMeanwhile).toBeGreaterThan(0);
  expect(kept).toBe(0);
});
