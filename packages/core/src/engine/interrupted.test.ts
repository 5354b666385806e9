import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { changeOf } from '../../test/change-of.js';
import { asking, instance, type InstanceParts, KEY, storyOf } from '../../test/instance.js';
import { wrappedStore } from '../../test/wrapped-store.js';
import type { Change } from '../change/change.js';
import type { StoredEntry } from '../ledger/entry.js';
import { MemoryDatabase, type MemoryFence, withLedger } from '../memory/memory-database.js';
import { memoryAuditStore } from '../memory/memory-store.js';
import { memoryTarget, MemoryValues } from '../memory/memory-target.js';
import type { Target, TargetTransactions, TransactionOutcome } from '../target/target.js';
import { dyingAt, failing, LEASE_MS, plainChange, plainTarget, verifying } from '../../test/faults.js';

describe('a process that dies around a separate transaction', () => {
  const change = changeOf('_0001__a', {
    apply: asking<[MemoryValues]>([MemoryValues], ([values]) => {
      values.set('count', Number(values.get('count') ?? 0) + 1);
    }),
  });

  test.each([
    ['before STARTED is written', 'STARTED', 'before', ['a:STARTED:none', 'a:APPLIED:transaction']],
    [
      'after STARTED is written',
      'STARTED',
      'after',
      ['a:STARTED:none', 'a:FAILED:fence', 'a:STARTED:none', 'a:APPLIED:transaction'],
    ],
    [
      'after the commit, before APPLIED is written',
      'APPLIED',
      'before',
      ['a:STARTED:none', 'a:APPLIED:fence'],
    ],
    ['after APPLIED is written', 'APPLIED', 'after', ['a:STARTED:none', 'a:APPLIED:transaction']],
  ] as const)(
    '%s: the next start heals the ledger, and the change took effect once',
    async (_when, state, when, story) => {
      const ledger = new MemoryDatabase();
      const target = new MemoryDatabase();
      const parts = { targets: { db: memoryTarget(target) }, changes: [change], leaseMs: LEASE_MS };
      await new Promise<void>((died) => {
        void instance({ ...parts, store: dyingAt(memoryAuditStore(ledger), state, when, died) })
          .start()
          .catch(() => undefined);
      });
      const next = instance({ ...parts, store: memoryAuditStore(ledger) });
      await next.start();
      expect(target.contents().values.get('count')).toBe(1);
      expect(await storyOf(ledger)).toEqual(story);
    },
  );
});

describe('a change that was interrupted, is found not to be applied, and has changed its place meanwhile', () => {
  const first = changeOf('_0001__a', { targetSystem: 'db' });
  const second = changeOf('_0002__b', { targetSystem: 'db' });

  /** A process of a release with both changes dies in the first one; another release goes on with the second alone. */
  async function interrupted(parts: Partial<Change> = {}): Promise<Pick<InstanceParts, 'store' | 'targets'>> {
    const ledger = new MemoryDatabase();
    const targets = { db: memoryTarget() };
    const changes = [{ ...first, ...parts }, second];
    await new Promise<void>((died) => {
      const store = dyingAt(memoryAuditStore(ledger), 'STARTED', 'after', died);
      void instance({ store, targets, changes, leaseMs: LEASE_MS })
        .start()
        .catch(() => undefined);
    });
    const store = memoryAuditStore(ledger);
    await instance({ store, targets, changes: [second], waitMs: 15_000 }).start();
    return { store, targets };
  }

  test.each<[string, Partial<Change>]>([
    ['by the fence', {}],
    ['by nobody, and may be repeated', { transactional: false, recovery: 'ALWAYS_RETRY' }],
  ])('%s: it does not run below the one that is applied', async (_how, parts) => {
    const systems = await interrupted(parts);
    const changes = [{ ...first, ...parts }, second];
    await expect(instance({ ...systems, changes }).start()).rejects.toMatchObject({
      code: 'FLG_OUT_OF_ORDER',
    });
    await expect(instance({ ...systems, changes, outOfOrder: true }).start()).resolves.toMatchObject({
      applied: [{ id: 'a' }],
    });
  });

  test('does not run where it is restricted to other environments by now', async () => {
    const systems = await interrupted();
    const changes = [{ ...first, environments: ['elsewhere'] }, second];
    await expect(instance({ ...systems, changes }).start()).resolves.toMatchObject({ applied: [] });
  });
});

describe('a process that dies after its change has sent a COMMIT of its own', () => {
  let end = (): void => undefined;
  afterEach(() => {
    end();
  });
  const interrupted = async (
    parts: Partial<Change>,
  ): Promise<{ ledger: MemoryDatabase; again: () => Promise<unknown> }> => {
    const [ledger, target] = [new MemoryDatabase(), new MemoryDatabase()];
    const honest = memoryTarget(target);
    const change = changeOf('_0001__a', {
      apply: asking<[MemoryValues]>([MemoryValues], () => Promise.resolve()),
      ...parts,
    });
    const targets = { db: honest };
    const gone = new Promise<TransactionOutcome>((resolve) => {
      end = () => {
        resolve({ status: 'unknown', error: undefined });
      };
    });
    await new Promise<void>((died) => {
      // What such a COMMIT leaves: the beginning of the transaction, and not its end.
      const commitsEarly: Target = {
        ...honest,
        transactions: {
          ...(honest.transactions as TargetTransactions),
          run: ({ key, fence }) => {
            const [[id, row]] = [...target.contents().fences] as [[string, MemoryFence]];
            target.commit({ fences: new Map([[id, { ...row, begun: fence?.sequence ?? 0 }]]) });
            expect(key).toMatchObject({ service: 'orders' });
            died();
            return gone;
          },
        },
      };
      const dead = wrappedStore(
        memoryAuditStore(ledger),
        () => ({}),
        () => ({ renew: () => new Promise(() => undefined) }),
      );
      void instance({ store: dead, targets: { db: commitsEarly }, changes: [change], leaseMs: LEASE_MS })
        .start()
        .catch(() => undefined);
    });
    const next = instance({ store: memoryAuditStore(ledger), targets, changes: [change], leaseMs: LEASE_MS });
    return { ledger, again: () => next.start() };
  };

  test('leaves an issue: what is there nobody knows', async () => {
    const { ledger, again } = await interrupted({});
    await expect(again()).rejects.toMatchObject({ code: 'FLG_ISSUE_OPEN' });
    expect(await storyOf(ledger)).toEqual(['a:STARTED:none', 'a:FAILED:none']);
  });

  test('is settled by its verify', async () => {
    const { ledger, again } = await interrupted(verifying(() => 'APPLIED'));
    await expect(again()).resolves.toMatchObject({ settled: ['a'] });
    expect(await storyOf(ledger)).toEqual(['a:STARTED:none', 'a:APPLIED:verify']);
  });
});

describe('a ledger that has lost entries', () => {
  test.each([
    ['its tail', (entries: readonly StoredEntry[]) => entries.slice(0, -1)],
    ['one in its middle', (entries: readonly StoredEntry[]) => entries.toSpliced(1, 1)],
    ['everything', () => []],
  ])('%s: no change runs a second time', async (_what, cut) => {
    const database = new MemoryDatabase();
    const effects: string[] = [];
    const changes = [plainChange(() => effects.push('a'))];
    const parts = { store: memoryAuditStore(database), targets: { plain: plainTarget(effects) }, changes };
    await instance(parts).start();
    const ledger = database.ledger(KEY);
    database.commit(withLedger(database.contents(), KEY, { ...ledger, entries: cut(ledger.entries) }));
    await expect(instance(parts).start()).rejects.toMatchObject({ code: 'FLG_LEDGER_INCOMPLETE' });
    expect(effects).toEqual(['a']);
  });
});

describe('an interrupted separate transaction that the next release finds changed', () => {
  const writing = (name: string, parts: Partial<Change> = {}): Change =>
    changeOf(name, {
      apply: asking<[MemoryValues]>([MemoryValues], ([values]) => {
        values.set(name, true);
      }),
      ...parts,
    });
  const interrupt = async (
    ledger: MemoryDatabase,
    targets: Readonly<Record<string, Target>>,
    change: Change,
    when: 'STARTED' | 'APPLIED',
  ): Promise<void> =>
    new Promise((died) => {
      const store = dyingAt(memoryAuditStore(ledger), when, when === 'STARTED' ? 'after' : 'before', died);
      void instance({ store, targets, changes: [change], leaseMs: LEASE_MS })
        .start()
        .catch(() => undefined);
    });

  test('a new change below it does not run once it is known to be applied', async () => {
    const [ledger, target] = [new MemoryDatabase(), new MemoryDatabase()];
    const targets = { db: memoryTarget(target) };
    await interrupt(ledger, targets, writing('_0020__late'), 'APPLIED');
    const changes = [writing('_0010__early'), writing('_0020__late')];
    const next = instance({ store: memoryAuditStore(ledger), targets, changes, leaseMs: LEASE_MS });
    await expect(next.start()).rejects.toMatchObject({ code: 'FLG_OUT_OF_ORDER' });
    expect([...target.contents().values.keys()]).toEqual(['_0020__late']);
    expect(await storyOf(ledger)).toEqual(['late:STARTED:none', 'late:APPLIED:fence']);
  });

  test('the target where it was interrupted is asked, not the one where it is aimed now', async () => {
    const [ledger, old] = [new MemoryDatabase(), new MemoryDatabase()];
    const targets = { old: memoryTarget(old), moved: memoryTarget() };
    await interrupt(ledger, targets, writing('_0001__a', { targetSystem: 'old' }), 'APPLIED');
    const changes = [writing('_0001__a', { targetSystem: 'moved' })];
    const report = await instance({
      store: memoryAuditStore(ledger),
      targets,
      changes,
      leaseMs: LEASE_MS,
    }).start();
    expect(report).toMatchObject({ applied: [], settled: ['a'] });
    expect(await storyOf(ledger)).toEqual(['a:STARTED:none', 'a:APPLIED:fence']);
  });

  test('a target that is gone leaves an issue', async () => {
    const ledger = new MemoryDatabase();
    await interrupt(ledger, { old: memoryTarget() }, writing('_0001__a'), 'STARTED');
    const moved = { store: memoryAuditStore(ledger), targets: { moved: memoryTarget() }, leaseMs: LEASE_MS };
    await expect(
      instance({
        ...moved,
        changes: [
          writing(
            '_0001__a',
            verifying(() => 'NOT_APPLIED'),
          ),
        ],
      }).start(),
    ).rejects.toMatchObject({ code: 'FLG_ISSUE_OPEN' });
  });
});

describe('a process that dies around a change without a transaction', () => {
  const die = async (
    ledger: MemoryDatabase,
    effects: string[],
    state: string,
    parts: Partial<Change>,
  ): Promise<readonly string[]> => {
    const change = plainChange((done) => done.push('a'), parts);
    const shared = { targets: { api: plainTarget(effects) }, changes: [change], leaseMs: LEASE_MS };
    await new Promise<void>((died) => {
      const when = state === 'APPLIED' ? 'before' : 'after';
      void instance({ ...shared, store: dyingAt(memoryAuditStore(ledger), state, when, died) })
        .start()
        .catch(() => undefined);
    });
    await instance({ ...shared, store: memoryAuditStore(ledger) }).start();
    return storyOf(ledger);
  };

  test('leaves an issue, which every later start names without the lock', async () => {
    const ledger = new MemoryDatabase();
    const effects: string[] = [];
    await expect(die(ledger, effects, 'APPLIED', {})).rejects.toMatchObject({ code: 'FLG_ISSUE_OPEN' });
    expect(await storyOf(ledger)).toEqual(['a:STARTED:none', 'a:FAILED:none']);
    const store = wrappedStore(memoryAuditStore(ledger), () => ({
      openSession: () => Promise.reject(new Error('no lock is needed')),
    }));
    const again = instance({
      store,
      targets: { api: plainTarget(effects) },
      changes: [plainChange(failing)],
    });
    await expect(again.start()).rejects.toMatchObject({
      code: 'FLG_ISSUE_OPEN',
      message: expect.stringContaining("resolve('a'"),
    });
    expect(effects).toEqual(['a']);
  });

  test('is looked at once: whoever waits meanwhile fails with the issue that the first one finds', async () => {
    const ledger = new MemoryDatabase();
    let looks = 0;
    const verify = asking([], async () => {
      looks += 1;
      await sleep(300);
      return 'UNKNOWN';
    });
    const parts = {
      targets: { api: plainTarget([]) },
      changes: [plainChange(() => undefined, { verify })],
    };
    await new Promise<void>((died) => {
      const store = dyingAt(memoryAuditStore(ledger), 'STARTED', 'after', died);
      void instance({ ...parts, store, leaseMs: LEASE_MS })
        .start()
        .catch(() => undefined);
    });
    const fleet = Array.from({ length: 3 }, () => instance({ ...parts, store: memoryAuditStore(ledger) }));
    const ends = await Promise.allSettled(fleet.map((one) => one.start()));
    expect(ends).toEqual(
      fleet.map(() => ({ status: 'rejected', reason: expect.objectContaining({ code: 'FLG_ISSUE_OPEN' }) })),
    );
    expect(looks).toBe(1);
  });

  test('is applied again where its strategy is ALWAYS_RETRY', async () => {
    const effects: string[] = [];
    expect(await die(new MemoryDatabase(), effects, 'APPLIED', { recovery: 'ALWAYS_RETRY' })).toEqual([
      'a:STARTED:none',
      'a:STARTED:none',
      'a:APPLIED:none',
    ]);
    expect(effects).toEqual(['a', 'a']);
  });

  test('is settled by verify: applied', async () => {
    const effects: string[] = [];
    expect(
      await die(
        new MemoryDatabase(),
        effects,
        'APPLIED',
        verifying(() => 'APPLIED'),
      ),
    ).toEqual(['a:STARTED:none', 'a:APPLIED:verify']);
    expect(effects).toEqual(['a']);
  });

  test('is settled by verify: not applied, and applied then', async () => {
    const effects: string[] = [];
    expect(
      await die(
        new MemoryDatabase(),
        effects,
        'STARTED',
        verifying(() => 'NOT_APPLIED'),
      ),
    ).toEqual(['a:STARTED:none', 'a:FAILED:verify', 'a:STARTED:none', 'a:APPLIED:none']);
    expect(effects).toEqual(['a']);
  });
});
