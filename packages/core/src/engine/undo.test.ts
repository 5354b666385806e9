import { describe, expect, test } from '@jest/globals';
import { changeOf } from '../../test/change-of.js';
import { counting, undoing, type World, world } from '../../test/counting.js';
import { dyingAt, LEASE_MS, never, plainChange, plainTarget, verifying } from '../../test/faults.js';
import { asking, instance, storyOf } from '../../test/instance.js';
import { wrappedStore } from '../../test/wrapped-store.js';
import type { Change } from '../change/change.js';
import { NotApplied } from '../change/not-applied.js';
import { MemoryDatabase } from '../memory/memory-database.js';
import { memoryAuditStore } from '../memory/memory-store.js';
import type { Target, TargetTransactions } from '../target/target.js';

const STRATEGIES = ['shared', 'separate', 'plain'] as const;
const PROOF = { shared: 'transaction', separate: 'transaction', plain: 'rollback' } as const;
const APPLY_STORY = {
  shared: ['a:APPLIED:transaction'],
  separate: ['a:STARTED:none', 'a:APPLIED:transaction'],
  plain: ['a:STARTED:none', 'a:APPLIED:none'],
} as const;

describe.each(STRATEGIES)('undoing the last change: %s', (kind) => {
  test('rolls it back, announced before, and holds it afterwards', async () => {
    const { ledger, values, parts } = world(kind, [counting('_0001__a')]);
    const one = instance(parts);
    await one.start();
    await expect(undoing(one)).resolves.toMatchObject({
      undone: [{ id: 'a', proof: PROOF[kind] }],
      settled: [],
    });
    expect(values.contents().values.get('_0001__a')).toBe(0);
    expect(await storyOf(ledger)).toEqual([
      ...APPLY_STORY[kind],
      'a:STARTED:none',
      `a:UNDONE:${PROOF[kind]}`,
    ]);
    await expect(one.start()).rejects.toMatchObject({ code: 'FLG_CHANGE_HELD' });
  });

  test('a person may apply it again, and the sequence goes on from there', async () => {
    const { values, parts } = world(kind, [counting('_0001__a')]);
    await instance(parts).start();
    await undoing(instance(parts));
    await instance({ ...parts, by: 'cli' }).start();
    expect(values.contents().values.get('_0001__a')).toBe(1);
    const changes = [counting('_0001__a'), counting('_0002__b')];
    await expect(instance({ ...parts, changes }).start()).resolves.toMatchObject({ applied: [{ id: 'b' }] });
    await undoing(instance({ ...parts, changes }), { downTo: 'a' });
    expect([...values.contents().values.values()]).toEqual([0, 0]);
  });

  const deaths = [
    ['before it is announced', 'STARTED', 'before', 1],
    ['after it is announced', 'STARTED', 'after', 1],
    ['after the rollback, before that is recorded', 'UNDONE', 'before', 0],
    ['after it is recorded', 'UNDONE', 'after', 0],
  ] as const;
  // In a shared transaction the record is a part of the rollback: there is nothing in between.
  test.each(deaths.filter(([, state]) => kind !== 'shared' || state === 'STARTED'))(
    'a process that dies %s',
    async (_when, state, when, left) => {
      const { ledger, values, parts } = world(kind, [
        counting(
          '_0001__a',
          verifying(() => (values.contents().values.get('_0001__a') === 1 ? 'APPLIED' : 'NOT_APPLIED')),
        ),
      ]);
      await instance(parts).start();
      await new Promise<void>((died) => {
        const store = dyingAt(memoryAuditStore(ledger), state, when, died);
        void undoing(instance({ ...parts, store, leaseMs: LEASE_MS })).catch(() => undefined);
      });
      const next = instance(parts).start();
      if (left === 0) await expect(next).rejects.toMatchObject({ code: 'FLG_CHANGE_HELD' });
      else await expect(next).resolves.toMatchObject({ applied: [] });
      expect(values.contents().values.get('_0001__a')).toBe(left);
    },
  );
});

describe('an undo that was interrupted', () => {
  const interrupted = async (
    kind: 'shared' | 'separate' | 'plain',
    change: Change,
    state: 'STARTED' | 'UNDONE',
  ): Promise<World> => {
    const made = world(kind, [change]);
    await instance(made.parts).start();
    await new Promise<void>((died) => {
      const store = dyingAt(made.parts.store, state, state === 'STARTED' ? 'after' : 'before', died);
      void undoing(instance({ ...made.parts, store, leaseMs: LEASE_MS })).catch(() => undefined);
    });
    return made;
  };

  test('of a shared transaction has done nothing', async () => {
    const { ledger, parts } = await interrupted('shared', counting('_0001__a'), 'STARTED');
    await expect(instance(parts).start()).resolves.toMatchObject({ settled: ['a'] });
    expect((await storyOf(ledger)).at(-1)).toBe('a:APPLIED:transaction');
  });

  test('of a separate transaction is told by the fence', async () => {
    const undone = await interrupted('separate', counting('_0001__a'), 'UNDONE');
    await expect(instance(undone.parts).start()).rejects.toMatchObject({ code: 'FLG_CHANGE_HELD' });
    expect((await storyOf(undone.ledger)).at(-1)).toBe('a:UNDONE:fence');
    const applied = await interrupted('separate', counting('_0001__a'), 'STARTED');
    await instance(applied.parts).start();
    expect((await storyOf(applied.ledger)).at(-1)).toBe('a:APPLIED:fence');
  });

  test('is never repeated without a proof, whatever the strategy', async () => {
    const { ledger, values, parts } = await interrupted(
      'plain',
      counting('_0001__a', { recovery: 'ALWAYS_RETRY' }),
      'UNDONE',
    );
    await expect(instance(parts).start()).rejects.toMatchObject({ code: 'FLG_ISSUE_OPEN' });
    await expect(undoing(instance(parts))).rejects.toMatchObject({ code: 'FLG_ISSUE_OPEN' });
    expect((await storyOf(ledger)).slice(-2)).toEqual(['a:STARTED:none', 'a:FAILED:none']);
    expect(values.contents().values.get('_0001__a')).toBe(0);
  });

  test('is finished by undoing again: what it had done is not done twice, and nothing below it is', async () => {
    const changes = [counting('_0001__a'), counting('_0002__b')];
    const { ledger, values, parts } = world('separate', changes);
    await instance(parts).start();
    await new Promise<void>((died) => {
      const store = dyingAt(memoryAuditStore(ledger), 'UNDONE', 'before', died);
      void undoing(instance({ ...parts, store, leaseMs: LEASE_MS })).catch(() => undefined);
    });
    await expect(undoing(instance(parts))).resolves.toMatchObject({ undone: [], settled: ['b'] });
    expect([...values.contents().values.values()]).toEqual([1, 0]);
  });

  test('that had done nothing is done by undoing again', async () => {
    const { values, parts } = await interrupted('separate', counting('_0001__a'), 'STARTED');
    await expect(undoing(instance(parts))).resolves.toMatchObject({ undone: [{ id: 'a' }] });
    expect(values.contents().values.get('_0001__a')).toBe(0);
  });
});

describe('a rollback that fails', () => {
  const failing = (error: () => unknown, parts: Partial<Change> = {}): Change =>
    counting('_0002__b', {
      rollback: asking([], () => {
        throw error();
      }),
      ...parts,
    });
  const failed = async (
    kind: 'shared' | 'separate' | 'plain',
    change: Change,
  ): Promise<{ code: unknown; last: string | undefined; made: World }> => {
    const made = world(kind, [counting('_0001__a'), change]);
    await instance(made.parts).start();
    const error: unknown = await undoing(instance(made.parts), { downTo: 'a' }).catch(
      (reason: unknown) => reason,
    );
    return { code: (error as { code: unknown }).code, last: (await storyOf(made.ledger)).at(-1), made };
  };

  test.each(['shared', 'separate'] as const)(
    'in a transaction leaves the change applied: %s',
    async (kind) => {
      const { code, last, made } = await failed(
        kind,
        failing(() => new Error('no')),
      );
      expect({ code, last }).toEqual({ code: 'FLG_UNDO_FAILED', last: 'b:APPLIED:transaction' });
      expect(made.values.contents().values.get('_0001__a')).toBe(1);
      await expect(instance(made.parts).start()).resolves.toMatchObject({ outcome: 'up-to-date' });
    },
  );

  test('without one, and says that it had no effect, leaves the change applied', async () => {
    const { code, last } = await failed(
      'plain',
      failing(() => new NotApplied()),
    );
    expect({ code, last }).toEqual({ code: 'FLG_UNDO_FAILED', last: 'b:APPLIED:rejected' });
  });

  test.each([
    ['APPLIED', 'FLG_UNDO_FAILED', 'b:APPLIED:verify'],
    ['UNKNOWN', 'FLG_ISSUE_OPEN', 'b:FAILED:none'],
  ] as const)('without one is what its verify finds: %s', async (verdict, expected, entry) => {
    const { code, last } = await failed(
      'plain',
      failing(
        () => new Error('who knows'),
        verifying(() => verdict),
      ),
    );
    expect({ code, last }).toEqual({ code: expected, last: entry });
  });

  test.each([
    ['rejected', 'FLG_UNDO_FAILED', 'a:APPLIED:rejected'],
    ['none', 'FLG_ISSUE_OPEN', 'a:FAILED:none'],
  ] as const)('without one is watched by its target, which has seen: %s', async (proof, expected, entry) => {
    const ledger = new MemoryDatabase();
    const api = plainTarget([], () => ({ proof, settled: true }));
    const rollback = asking<[string[]]>([Array], () => {
      throw new Error('422');
    });
    const changes = [plainChange(() => undefined, { rollback })];
    const parts = { store: memoryAuditStore(ledger), targets: { api }, changes };
    await instance(parts).start();
    await expect(undoing(instance(parts))).rejects.toMatchObject({ code: expected });
    expect((await storyOf(ledger)).at(-1)).toBe(entry);
  });

  test('but is found to have succeeded, goes on', async () => {
    const change = failing(
      () => new Error('who knows'),
      verifying(() => 'NOT_APPLIED'),
    );
    const { parts } = world('plain', [change]);
    await instance(parts).start();
    await expect(undoing(instance(parts))).resolves.toMatchObject({ undone: [{ id: 'b', proof: 'verify' }] });
  });

  test('of a target that shows nothing leaves an issue of the undo', async () => {
    const effects: string[] = [];
    const change = changeOf('_0001__a', {
      rollback: asking([], () => Promise.reject(new Error('who knows'))),
      targetSystem: 'api',
    });
    const parts = { store: memoryAuditStore(), targets: { api: plainTarget(effects) }, changes: [change] };
    await instance(parts).start();
    await expect(undoing(instance(parts))).rejects.toMatchObject({
      code: 'FLG_ISSUE_OPEN',
      message: expect.stringContaining('The undo of _0001__a'),
    });
  });
});

describe('a reply that is lost', () => {
  test.each([
    ['was committed', true, 'a:UNDONE:fence'],
    ['was not committed', false, 'a:APPLIED:fence'],
  ])('of a commit that %s', async (_what, committed, last) => {
    const { ledger, parts } = world('separate', [counting('_0001__a')]);
    await instance(parts).start();
    const { db } = parts.targets as { db: Target & { transactions: TargetTransactions } };
    const { transactions } = db;
    const lossy: Target = {
      ...db,
      transactions: {
        ...transactions,
        run: async (request) => {
          if (committed) await transactions.run(request);
          return { status: 'unknown', error: new Error('connection reset') };
        },
      },
    };
    await undoing(instance({ ...parts, targets: { db: lossy } })).catch(() => undefined);
    expect((await storyOf(ledger)).at(-1)).toBe(last);
  });

  test('of the commit of a shared transaction: it is read what stands in the ledger', async () => {
    const { ledger, parts } = world('shared', [counting('_0001__a')]);
    await instance(parts).start();
    const { db } = parts.targets as { db: Target & { transactions: TargetTransactions } };
    const lossy: Target = {
      ...db,
      transactions: {
        ...db.transactions,
        run: async (request) => {
          await db.transactions.run(request);
          return { status: 'unknown', error: new Error('connection reset') };
        },
      },
    };
    await expect(undoing(instance({ ...parts, targets: { db: lossy } }))).resolves.toMatchObject({
      undone: [{ id: 'a', proof: 'transaction' }],
    });
    expect((await storyOf(ledger)).slice(-2)).toEqual(['a:STARTED:none', 'a:UNDONE:transaction']);
  });

  test('of the entry of an undo: it is neither lost nor written twice', async () => {
    const { ledger, values, parts } = world('plain', [counting('_0001__a')]);
    await instance(parts).start();
    let lost = false;
    const store = wrappedStore(
      memoryAuditStore(ledger),
      () => ({}),
      (session) => ({
        append: async (key, sealed) => {
          await session.append(key, sealed);
          if (lost || !('state' in sealed.entry) || sealed.entry.state !== 'UNDONE') return;
          lost = true;
          throw new Error('connection reset');
        },
      }),
    );
    await undoing(instance({ ...parts, store }));
    expect((await storyOf(ledger)).filter((entry) => entry.includes('UNDONE'))).toEqual([
      'a:UNDONE:rollback',
    ]);
    expect(values.contents().values.get('_0001__a')).toBe(0);
  });
});

describe('two at once', () => {
  test('who both undo the last change undo one', async () => {
    const changes = [counting('_0001__a'), counting('_0002__b')];
    const { values, parts } = world('separate', changes);
    await instance(parts).start();
    const results = await Promise.allSettled([undoing(instance(parts)), undoing(instance(parts))]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'FLG_UNDO_REFUSED' },
    });
    expect([...values.contents().values.values()]).toEqual([1, 0]);
  });

  test('a holder that is paused in its rollback beyond the lease records nothing any more', async () => {
    const { ledger, parts } = world('plain', [counting('_0001__a')]);
    await instance(parts).start();
    const stopped: { reached?: () => void } = {};
    const reached = new Promise<void>((resolve) => {
      stopped.reached = resolve;
    });
    // It neither renews nor comes back in time.
    const store = wrappedStore(
      memoryAuditStore(ledger),
      () => ({}),
      () => ({ renew: () => never }),
    );
    const slow = counting('_0001__a', {
      rollback: asking([], async () => {
        stopped.reached?.();
        await new Promise((resolve) => setTimeout(resolve, LEASE_MS * 3));
      }),
    });
    const paused = undoing(instance({ ...parts, store, changes: [slow], leaseMs: LEASE_MS }));
    paused.catch(() => undefined);
    await reached;
    await expect(instance(parts).start()).rejects.toMatchObject({ code: 'FLG_ISSUE_OPEN' });
    await expect(paused).rejects.toMatchObject({ code: 'FLG_LOCK_LOST' });
    expect((await storyOf(ledger)).slice(-2)).toEqual(['a:STARTED:none', 'a:FAILED:none']);
  });
});
