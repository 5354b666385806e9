import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { changeOf } from '../../test/change-of.js';
import { asking, instance, type InstanceParts, KEY, storyOf } from '../../test/instance.js';
import { wrappedStore } from '../../test/wrapped-store.js';
import { runEntry } from '../../test/ledger-of.js';
import { FlamingockError } from '../errors.js';
import { seal } from '../ledger/seal.js';
import { MemoryDatabase } from '../memory/memory-database.js';
import { memoryAuditStore } from '../memory/memory-store.js';
import { memoryTarget, MemoryValues } from '../memory/memory-target.js';
import type { Target } from '../target/target.js';
import { never, plainChange, plainTarget } from '../../test/faults.js';

test.each<[string, () => Promise<never>]>([
  ['fails', () => Promise.reject(new Error('postgres://app:hunter2@db is gone'))],
  ['never answers', () => never],
])('a store that is lost in the middle and then %s ends the run with one coded error', async (_how, open) => {
  let sessions = 0;
  const store = wrappedStore(
    memoryAuditStore(),
    (inner) => ({ openSession: () => ((sessions += 1) === 1 ? inner.openSession() : open()) }),
    (session) => ({
      append: (key, sealed) =>
        sealed.entry.kind === 'run'
          ? session.append(key, sealed)
          : Promise.reject(new Error('connection reset')),
    }),
  );
  const targets = { api: plainTarget([]) };
  const one = instance({ store, targets, changes: [plainChange(() => undefined)], storeTimeoutMs: 100 });
  const error: unknown = await one.start().catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: expect.stringMatching(/FLG_STORE_(WRITE|UNREACHABLE)/) });
  expect(String(error)).not.toContain('hunter2');
});

describe('an audit store whose reply to a write was lost', () => {
  test.each([
    ['was written', true],
    ['was not written', false],
  ])('when the entry %s: the run goes on without repeating it', async (_what, written) => {
    const ledger = new MemoryDatabase();
    let lost = false;
    const store = wrappedStore(
      memoryAuditStore(ledger),
      () => ({}),
      (session) => ({
        append: async (key, sealed) => {
          const isTheOne = sealed.entry.kind === 'execution' && sealed.entry.state === 'APPLIED' && !lost;
          if (!isTheOne) return session.append(key, sealed);
          lost = true;
          if (written) await session.append(key, sealed);
          throw new Error('connection reset');
        },
      }),
    );
    const effects: string[] = [];
    const changes = [plainChange((done) => done.push('a'))];
    await instance({ store, targets: { api: plainTarget(effects) }, changes }).start();
    expect(await storyOf(ledger)).toEqual(['a:STARTED:none', 'a:APPLIED:none']);
    expect(effects).toEqual(['a']);
  });
});

describe('a transaction of the application on the connection of the audit store', () => {
  const refusing = (state: string, times: number): Parameters<typeof wrappedStore>[2] => {
    let [left, isOpen] = [times, false];
    return (session) => ({
      append: async (key, sealed) => {
        isOpen = 'state' in sealed.entry && sealed.entry.state === state && (left -= 1) >= 0;
        if (!isOpen) return session.append(key, sealed);
        throw new FlamingockError({
          code: 'FLG_STORE_SHARED_CONNECTION',
          message: 'not now',
          hint: 'end it',
        });
      },
      renew: (...args) => (isOpen ? Promise.reject(new Error('not now')) : session.renew(...args)),
    });
  };
  async function story(state: string, times: number, leaseMs = 60_000): Promise<unknown> {
    const ledger = new MemoryDatabase();
    const store = wrappedStore(memoryAuditStore(ledger), () => ({}), refusing(state, times));
    const changes = [plainChange(() => undefined)];
    const one = instance({ store, targets: { api: plainTarget([]) }, changes, leaseMs });
    const code = await one.start().then(
      () => 'done',
      (error: unknown) => (error as { readonly code?: unknown }).code,
    );
    return [code, ...(await storyOf(ledger))];
  }

  test('that ends does not cost the outcome of a change', async () => {
    expect(await story('APPLIED', 2)).toEqual(['done', 'a:STARTED:none', 'a:APPLIED:none']);
  });

  test('stops a change before it was announced', async () => {
    expect(await story('STARTED', 1)).toEqual(['FLG_STORE_SHARED_CONNECTION']);
  });

  test('that does not end is waited for no longer than the lease is held', async () => {
    expect(await story('APPLIED', Infinity, 300)).toEqual(['FLG_LOCK_LOST', 'a:STARTED:none']);
  });
});

test('a lock is not given back while nobody knows whether a change was announced', async () => {
  const ledger = new MemoryDatabase();
  let sessions = 0;
  const store = wrappedStore(
    memoryAuditStore(ledger),
    (inner) => ({
      openSession: () => ((sessions += 1) === 2 ? Promise.reject(new Error('gone')) : inner.openSession()),
    }),
    (session) => ({
      append: async (key, sealed) => {
        await session.append(key, sealed);
        if (sealed.entry.kind !== 'run') throw new Error('connection reset');
      },
    }),
  );
  const one = instance({ store, targets: { api: plainTarget([]) }, changes: [plainChange(() => undefined)] });
  await expect(one.start()).rejects.toMatchObject({ code: 'FLG_STORE_WRITE' });
  expect(ledger.ledger(KEY).lock).toBeDefined();
});

describe('a target and a ledger that do not belong together', () => {
  const change = changeOf('_0001__a', {
    apply: asking<[MemoryValues]>([MemoryValues], ([values]) => {
      values.set('a', 1);
    }),
  });
  const next = changeOf('_0002__b', {
    apply: asking<[MemoryValues]>([MemoryValues], ([values]) => {
      values.set('b', 1);
    }),
  });

  test('a target that another environment has claimed', async () => {
    const target = new MemoryDatabase();
    await instance({
      store: memoryAuditStore(),
      targets: { db: memoryTarget(target) },
      changes: [change],
      environment: 'blue',
    }).start();
    const green = instance({
      store: memoryAuditStore(),
      targets: { db: memoryTarget(target) },
      changes: [change, next],
      environment: 'green',
    });
    await expect(green.start()).rejects.toMatchObject({ code: 'FLG_TARGET_ENVIRONMENT' });
    expect(target.contents().values.get('b')).toBeUndefined();
  });

  test('a target that knows a later run than its ledger', async () => {
    const target = new MemoryDatabase();
    await instance({
      store: memoryAuditStore(),
      targets: { db: memoryTarget(target) },
      changes: [change, next],
    }).start();
    await memoryTarget(target).transactions?.claim(KEY, 9);
    const restored = instance({
      store: memoryAuditStore(),
      targets: { db: memoryTarget(target) },
      changes: [change, next],
    });
    await expect(restored.start()).rejects.toMatchObject({ code: 'FLG_TARGET_AHEAD' });
  });

  test('a later claim, while the store is too busy to say whose lock it is', async () => {
    const target = new MemoryDatabase();
    await memoryTarget(target).transactions?.claim(KEY, 9);
    const busy = new FlamingockError({ code: 'FLG_STORE_BUSY', message: 'locked', hint: 'again' });
    const store = wrappedStore(
      memoryAuditStore(),
      () => ({}),
      () => ({ renew: () => Promise.reject(busy) }),
    );
    const one = instance({ store, targets: { db: memoryTarget(target) }, changes: [change] });
    await expect(one.start()).rejects.toMatchObject({ code: 'FLG_LOCK_LOST' });
  });

  test('a later run, although the lock is still here', async () => {
    const ledger = new MemoryDatabase();
    const target = memoryTarget();
    const { transactions } = target;
    if (transactions === undefined) throw new TypeError('no transactions');
    const claim: typeof transactions.claim = async (key, token, options) => {
      const session = await memoryAuditStore(ledger).openSession();
      const { entries } = await session.read(key, 0);
      // A process that was frozen while it took the lock, and wakes up now.
      await session.append(key, seal(runEntry(token + 1, entries.at(-1)?.hash)));
      await transactions.claim(key, token + 1);
      return transactions.claim(key, token, options);
    };
    const db: Target = { ...target, transactions: { ...transactions, claim } };
    const one = instance({ store: memoryAuditStore(ledger), targets: { db }, changes: [change] });
    await expect(one.start()).rejects.toMatchObject({ code: 'FLG_LOCK_LOST' });
  });

  test('a ledger that has lost its last run, whose token the next one gets again', async () => {
    const [ledger, target] = [new MemoryDatabase(), new MemoryDatabase()];
    const parts = { store: memoryAuditStore(ledger), targets: { db: memoryTarget(target) } };
    await instance({ ...parts, changes: [change] }).start();
    const backup = ledger.contents();
    await instance({ ...parts, changes: [change, next] }).start();
    target.commit({ values: new Map() });
    ledger.commit(backup);
    const restored = instance({ ...parts, changes: [change, next] });
    await expect(restored.start()).rejects.toMatchObject({ code: 'FLG_TARGET_AHEAD' });
    expect(target.contents().values.get('b')).toBeUndefined();
  });

  test('a target that is older than its ledger', async () => {
    const store = memoryAuditStore();
    await instance({ store, targets: { db: memoryTarget() }, changes: [change] }).start();
    const anew = new MemoryDatabase();
    await expect(
      instance({ store, targets: { db: memoryTarget(anew) }, changes: [change, next] }).start(),
    ).rejects.toMatchObject({ code: 'FLG_TARGET_BEHIND' });
    expect(anew.contents().values.size).toBe(0);
  });
});

test('a target that is busy is asked again while the lock is held', async () => {
  const target = new MemoryDatabase();
  const real = memoryTarget(target);
  const busy = new FlamingockError({ code: 'FLG_STORE_BUSY', message: 'locked', hint: 'again' });
  const refusingOnce = <A extends unknown[], R>(
    call: (...args: A) => Promise<R>,
  ): ((...args: A) => Promise<R>) => {
    let refused = false;
    return (...args) => {
      if (refused) return call(...args);
      refused = true;
      return Promise.reject(busy);
    };
  };
  const { transactions } = real;
  if (transactions === undefined) throw new TypeError('no transactions');
  const db: Target = {
    ...real,
    transactions: {
      ...transactions,
      claim: refusingOnce(transactions.claim),
      run: refusingOnce(transactions.run),
    },
  };
  const change = changeOf('_0001__a', {
    apply: asking<[MemoryValues]>([MemoryValues], ([values]) => {
      values.set('done', true);
    }),
  });
  await instance({ store: memoryAuditStore(), targets: { db }, changes: [change] }).start();
  expect(target.contents().values.get('done')).toBe(true);
});

describe('a target that stays busy, because a stopped process holds it', () => {
  const parts = (step: 'claim' | 'run'): InstanceParts => {
    const busy = new FlamingockError({ code: 'FLG_STORE_BUSY', message: 'locked', hint: 'again' });
    const real = memoryTarget();
    const { transactions } = real;
    if (transactions === undefined) throw new TypeError('no transactions');
    const db: Target = {
      ...real,
      transactions: { ...transactions, [step]: () => Promise.reject(busy) },
    };
    return {
      store: memoryAuditStore(),
      targets: { db },
      changes: [changeOf('_0001__a', { targetSystem: 'db' })],
    };
  };

  test.each([
    ['claim', 'FLG_TARGET_UNREACHABLE'],
    ['run', 'FLG_CHANGE_FAILED'],
  ] as const)('fails the start when the wait for the lock would be over: %s', async (step, code) => {
    await expect(instance({ ...parts(step), waitMs: 100 }).start()).rejects.toMatchObject({ code });
  });

  test.each(['claim', 'run'] as const)('does not keep a closed instance: %s', async (step) => {
    const one = instance(parts(step));
    const started = one.start();
    setTimeout(() => {
      one.close();
    }, 50);
    await expect(started).rejects.toMatchObject({ code: 'FLG_CLOSED' });
  });
});

test('a right that is lost in the middle of a run is named, and the next start heals what could not be written', async () => {
  const [ledger, target] = [new MemoryDatabase(), new MemoryDatabase()];
  const refused = new FlamingockError({ code: 'FLG_STORE_PERMISSION', message: 'INSERT', hint: 'GRANT' });
  const store = wrappedStore(
    memoryAuditStore(ledger),
    () => ({}),
    (session) => ({
      append: (key, sealed) =>
        'state' in sealed.entry && sealed.entry.state === 'APPLIED'
          ? Promise.reject(refused)
          : session.append(key, sealed),
    }),
  );
  const change = changeOf('_0001__a', {
    apply: asking<[MemoryValues]>([MemoryValues], ([values]) => {
      values.set('count', Number(values.get('count') ?? 0) + 1);
    }),
  });
  const parts = { targets: { db: memoryTarget(target) }, changes: [change], leaseMs: 150 };
  await expect(instance({ ...parts, store }).start()).rejects.toMatchObject({ code: 'FLG_STORE_PERMISSION' });
  expect(ledger.ledger(KEY).lock).toBeDefined();
  await instance({ ...parts, store: memoryAuditStore(ledger) }).start();
  expect(target.contents().values.get('count')).toBe(1);
  expect(await storyOf(ledger)).toEqual(['a:STARTED:none', 'a:APPLIED:fence']);
});

test('a connection to the store that broke costs neither the lock nor the run: the next renewal goes out on a new one', async () => {
  const ledger = new MemoryDatabase();
  const [opened, renewedOn]: [number[], number[]] = [[], []];
  const store = wrappedStore(
    memoryAuditStore(ledger),
    () => ({}),
    (session) => {
      const number = opened.push(opened.length);
      return {
        renew: async (...args) => {
          // The first connection is as good as gone once the lock is taken.
          if (number === 1) throw Object.assign(new Error('terminated'), { code: 'ECONNRESET' });
          renewedOn.push(number);
          return session.renew(...args);
        },
        close: async () => {
          opened.splice(opened.indexOf(number - 1), 1, -1);
          await session.close();
        },
      };
    },
  );
  const effects: string[] = [];
  const changes = [plainChange(() => sleep(500).then(() => effects.push('a')))];
  const parts = { store, targets: { plain: plainTarget(effects) }, changes, leaseMs: 150 };
  await expect(instance(parts).start()).resolves.toMatchObject({ outcome: 'applied' });
  expect(renewedOn.length).toBeGreaterThan(2);
  expect(new Set(renewedOn)).toEqual(new Set([2]));
  expect(opened).toEqual([-1, -1]);
});

test('writes nothing where the lock was taken over before the ledger was read under it', async () => {
  const ledger = new MemoryDatabase();
  // The machine is suspended when the lock has just been granted, and its clocks with it: what the store has seen pass
  // since, the process has not.
  const store = wrappedStore(
    memoryAuditStore(ledger),
    () => ({}),
    (session) => ({
      async acquire(key, request) {
        const grant = await session.acquire(key, { ...request, leaseMs: 1 });
        await sleep(5);
        const other = { owner: 'other', host: 'other', processId: 2, leaseMs: 60_000 };
        await (await memoryAuditStore(ledger).openSession()).acquire(key, other);
        return grant;
      },
    }),
  );
  const effects: string[] = [];
  const one = instance({
    store,
    targets: { plain: plainTarget(effects) },
    changes: [plainChange((effects) => effects.push('a'))],
  });
  await expect(one.start()).rejects.toMatchObject({ code: 'FLG_LOCK_LOST' });
  expect(effects).toEqual([]);
  expect(await storyOf(ledger)).toEqual([]);
  expect(ledger.ledger(KEY).lock).toMatchObject({ owner: 'other' });
});
