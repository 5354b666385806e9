import { describe, expect, test } from '@jest/globals';
import { counting } from '../../test/counting.js';
import { dyingAt, LEASE_MS, never, plainTarget } from '../../test/faults.js';
import { instance, type Instance, type InstanceParts, KEY } from '../../test/instance.js';
import { runEntry } from '../../test/ledger-of.js';
import { plain } from '../../test/play.js';
import { wrappedStore } from '../../test/wrapped-store.js';
import type { Change } from '../change/change.js';
import { verifyChain } from '../ledger/chain.js';
import { seal, unseal } from '../ledger/seal.js';
import { MemoryDatabase } from '../memory/memory-database.js';
import { memoryAuditStore } from '../memory/memory-store.js';
import { memoryTarget, MemoryValues } from '../memory/memory-target.js';
import type { ResetReport } from '../operations.js';
import type { Target } from '../target/target.js';
import { adopt } from './adopt.js';
import { issuesOf } from './issues.js';
import { readNow } from './sequence.js';
import { reset } from './reset.js';

const WHO = { actor: 'jane', reason: 'the databases were dropped' } as const;
const a = counting('_0001__a', { targetSystem: 'db' });
const b = counting('_0002__b', { targetSystem: 'db' });

interface World {
  readonly ledger: MemoryDatabase;
  /** The target as it is now. */
  target: MemoryDatabase;
  with(changes: readonly Change[], parts?: Partial<InstanceParts>): Instance;
  kinds(): readonly string[];
}

function world(): World {
  const made: World = {
    ledger: new MemoryDatabase(),
    target: new MemoryDatabase(),
    with: (changes, parts = {}) =>
      instance({
        store: memoryAuditStore(made.ledger),
        targets: { db: memoryTarget(made.target) },
        changes,
        disposable: true,
        ...parts,
      }),
    kinds: () => made.ledger.ledger(KEY).entries.map((entry) => unseal(entry).kind),
  };
  return made;
}

const resetting = ({ engine, parts }: Instance): Promise<ResetReport> => reset(engine, parts.changes, WHO);

/** Both changes are applied, and then the target is dropped and made anew. */
async function dropped(): Promise<World> {
  const made = world();
  await made.with([a, b]).start();
  made.target = new MemoryDatabase();
  return made;
}

describe('a reset after the target was dropped', () => {
  test('begins a new epoch, in which everything is applied once more, and deletes nothing', async () => {
    const made = await dropped();
    const before = made.ledger.ledger(KEY).entries;
    await expect(made.with([a, b]).start()).resolves.toMatchObject({ outcome: 'up-to-date' });
    const one = made.with([a, b]);
    await expect(resetting(one)).resolves.toEqual({ sequence: before.length + 2, applied: ['a', 'b'] });
    expect(one.events).toContainEqual(expect.objectContaining({ type: 'epoch-begun', applied: ['a', 'b'] }));
    await expect(made.with([a, b]).start()).resolves.toMatchObject({ applied: [{ id: 'a' }, { id: 'b' }] });
    expect([...made.target.contents().values.values()]).toEqual([1, 1]);
    const { entries, highestSequence } = made.ledger.ledger(KEY);
    expect(entries.slice(0, before.length)).toEqual(before);
    expect(verifyChain(entries, { highestSequence })).toEqual({ intact: true });
    expect(entries.map(unseal).find(({ kind }) => kind === 'epoch')).toMatchObject(WHO);
  });

  test('is known to an instance that has read the ledger before, and waits', async () => {
    const made = await dropped();
    const waiting = made.with([a, b, counting('_0003__c', { targetSystem: 'db' })], { mode: 'wait' });
    const ready = waiting.start();
    await resetting(made.with([a, b]));
    await made.with([a, b, counting('_0003__c', { targetSystem: 'db' })]).start();
    await expect(ready).resolves.toMatchObject({ outcome: 'waited' });
  });

  test('closes what was open: no issue of before is left', async () => {
    const made = world();
    const effects: string[] = [];
    const targets = { db: memoryTarget(made.target), system: plainTarget(effects) };
    let fails = true;
    const unproven = plain(
      (_context, done) => {
        done.push('x');
        if (fails) throw new Error('who knows');
      },
      { targetSystem: 'system' },
    );
    await expect(made.with([unproven], { targets }).start()).rejects.toMatchObject({
      code: 'FLG_ISSUE_OPEN',
    });
    fails = false;
    const one = made.with([unproven], { targets });
    await expect(resetting(one)).resolves.toMatchObject({ applied: [] });
    expect(issuesOf(await readNow(one.engine, one.parts.changes), targets)).toEqual([]);
    await expect(one.start()).resolves.toMatchObject({ applied: [{ id: 'a' }] });
  });

  test('forgets checkpoints: a resumable change begins at its beginning', async () => {
    const made = world();
    const seen: unknown[] = [];
    const resumable = plain(
      async ({ checkpoint }) => {
        seen.push(await checkpoint.load());
        await checkpoint.save(7);
      },
      { transactional: false, resumable: true, targetSystem: 'system' },
    );
    const targets = { db: memoryTarget(made.target), system: plainTarget([]) };
    await made.with([resumable], { targets }).start();
    await resetting(made.with([resumable], { targets }));
    await made.with([resumable], { targets }).start();
    expect(seen).toEqual([undefined, undefined]);
  });

  test('lets the target be another one', async () => {
    const made = world();
    const identified = (identity: string): Partial<InstanceParts> => ({
      targets: { db: { ...memoryTarget(made.target), identity } },
    });
    await made.with([a], identified('one')).start();
    made.target = new MemoryDatabase();
    await expect(made.with([a, b], identified('two')).start()).rejects.toMatchObject({
      code: 'FLG_TARGET_IDENTITY',
    });
    await resetting(made.with([a, b], identified('two')));
    await expect(made.with([a, b], identified('two')).start()).resolves.toMatchObject({
      applied: [{ id: 'a' }, { id: 'b' }],
    });
  });
});

describe('a target that was not made anew', () => {
  test('refuses the reset, by what its fence shows', async () => {
    const made = world();
    await made.with([a]).start();
    await expect(resetting(made.with([a]))).rejects.toMatchObject({
      code: 'FLG_RESET_REFUSED',
      message: expect.stringContaining("'db'"),
    });
    expect(made.kinds()).not.toContain('epoch');
    await expect(made.with([a]).start()).resolves.toMatchObject({ outcome: 'up-to-date' });
  });

  test('and in which the first change is still under way: the reset waits for its transaction', async () => {
    const made = world();
    await new Promise<void>((died) => {
      const store = dyingAt(memoryAuditStore(made.ledger), 'STARTED', 'after', died);
      const one = made.with([a], { store, leaseMs: LEASE_MS });
      void one.start().catch(() => undefined);
    });
    // What its process has begun goes on in the database.
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    const committed = memoryTarget(made.target).transactions?.run({
      key: KEY,
      fence: { claimed: 1, sequence: 2 },
      idleTimeoutMs: LEASE_MS,
      work: async (clients) => {
        await held;
        (clients.client(MemoryValues) as MemoryValues).set('_0001__a', 1);
      },
    });
    const refused = expect(resetting(made.with([a]))).rejects.toMatchObject({ code: 'FLG_RESET_REFUSED' });
    goOn();
    await expect(committed).resolves.toEqual({ status: 'committed' });
    await refused;
    await expect(made.with([a]).start()).resolves.toMatchObject({ settled: ['a'] });
  });

  test('of a backup of before, found later, is refused, and may be adopted: everything is in doubt', async () => {
    const made = world();
    await made.with([a, b]).start();
    const backup = made.target.contents();
    made.target = new MemoryDatabase();
    await resetting(made.with([a, b]));
    made.target.commit(backup);
    await expect(made.with([a, b]).start()).rejects.toMatchObject({
      code: 'FLG_TARGET_BEHIND',
      message: expect.stringContaining('before the last reset'),
    });
    const { engine, parts } = made.with([a, b]);
    await expect(adopt(engine, parts.changes, 'db', { ...WHO, inDoubt: 'APPLIED' })).resolves.toEqual({
      targetSystems: ['db'],
      found: 'past',
      inDoubt: ['a', 'b'],
    });
    await expect(made.with([a, b]).start()).resolves.toMatchObject({ outcome: 'up-to-date' });
    expect([...made.target.contents().values.values()]).toEqual([1, 1]);
  });

  test('because another environment has it, refuses the reset', async () => {
    const made = await dropped();
    await memoryTarget(made.target).transactions?.claim({ ...KEY, environment: 'other' }, 3);
    await expect(resetting(made.with([a, b]))).rejects.toMatchObject({ code: 'FLG_TARGET_ENVIRONMENT' });
  });
});

describe('a reset that is interrupted', () => {
  test.each<[string, 'run' | 'claim' | 'epoch', 'before' | 'after', boolean]>([
    ['before its run is recorded', 'run', 'before', false],
    ['after that', 'run', 'after', false],
    ['before a target is claimed', 'claim', 'before', false],
    ['after a target was claimed', 'claim', 'after', false],
    ['before the epoch is recorded', 'epoch', 'before', false],
    ['after the epoch was recorded', 'epoch', 'after', true],
  ])('%s has either done everything or nothing, and can be repeated', async (_when, step, when, begun) => {
    const made = await dropped();
    await new Promise<void>((died) => {
      let dead = false;
      const die = (): Promise<never> => {
        dead = true;
        died();
        return never;
      };
      const store = wrappedStore(
        memoryAuditStore(made.ledger),
        () => ({}),
        (session) => ({
          renew: (...args) => (dead ? never : session.renew(...args)),
          append: async (key, sealed) => {
            if (sealed.entry.kind !== step) return session.append(key, sealed);
            if (when === 'after') await session.append(key, sealed);
            return die();
          },
        }),
      );
      const honest = memoryTarget(made.target);
      const db: Target = {
        ...honest,
        transactions: {
          ...(honest.transactions as NonNullable<Target['transactions']>),
          claim: async (...args) => {
            if (step !== 'claim' || when === 'after') await honest.transactions?.claim(...args);
            return step === 'claim' ? die() : { status: 'claimed', applied: 0, begun: 0 };
          },
        },
      };
      const one = made.with([a, b], { store, targets: { db }, leaseMs: LEASE_MS });
      void resetting(one).catch(() => undefined);
    });
    expect(made.kinds().includes('epoch')).toBe(begun);
    const again = await resetting(made.with([a, b]));
    expect(again.sequence === undefined).toBe(begun);
    await made.with([a, b]).start();
    expect([...made.target.contents().values.values()]).toEqual([1, 1]);
    expect(made.kinds().filter((kind) => kind === 'epoch')).toHaveLength(1);
  });

  test('in the reply to its entry alone is found to be done', async () => {
    const made = await dropped();
    let lost = false;
    const store = wrappedStore(
      memoryAuditStore(made.ledger),
      () => ({}),
      (session) => ({
        append: async (key, sealed) => {
          await session.append(key, sealed);
          if (sealed.entry.kind !== 'epoch' || lost) return;
          lost = true;
          throw new Error('connection reset');
        },
      }),
    );
    await expect(resetting(made.with([a, b], { store }))).resolves.toMatchObject({ applied: ['a', 'b'] });
    expect(made.kinds().filter((kind) => kind === 'epoch')).toHaveLength(1);
  });
});

test('an execution that was interrupted before the reset is history: nobody settles it', async () => {
  const made = world();
  await new Promise<void>((died) => {
    const store = dyingAt(memoryAuditStore(made.ledger), 'STARTED', 'after', died);
    const one = made.with([a, b], { store, leaseMs: LEASE_MS });
    void one.start().catch(() => undefined);
  });
  made.target = new MemoryDatabase();
  await expect(resetting(made.with([a, b]))).resolves.toMatchObject({ applied: [] });
  await expect(made.with([a, b]).start()).resolves.toMatchObject({
    settled: [],
    applied: [{ id: 'a' }, { id: 'b' }],
  });
});

describe('what is not reset', () => {
  test('an environment that is not disposable', async () => {
    const made = await dropped();
    await expect(resetting(made.with([a, b], { disposable: false }))).rejects.toMatchObject({
      code: 'FLG_NOT_DISPOSABLE',
      message: expect.stringMatching(/'test'[^]*environments: \{ 'test': \{ disposable: true \} \}/),
    });
    expect(made.kinds()).not.toContain('epoch');
  });

  test('a ledger that is empty, or in which nothing has happened since the last reset', async () => {
    const made = world();
    await expect(resetting(made.with([a]))).resolves.toEqual({ sequence: undefined, applied: [] });
    expect(made.kinds()).toEqual([]);
    await made.with([a]).start();
    made.target = new MemoryDatabase();
    await resetting(made.with([a]));
    const { length } = made.kinds();
    await expect(resetting(made.with([a]))).resolves.toEqual({ sequence: undefined, applied: [] });
    expect(made.kinds()).toHaveLength(length);
  });

  test('without a person and a reason', async () => {
    const made = await dropped();
    const { engine, parts } = made.with([a, b]);
    await expect(reset(engine, parts.changes, { actor: 'jane', reason: ' ' })).rejects.toMatchObject({
      code: 'FLG_OPTION_INVALID',
    });
  });
});

test('a release that does not know a kind of entry refuses the ledger', async () => {
  const made = await dropped();
  const { entries } = made.ledger.ledger(KEY);
  const newer = { ...runEntry(entries.length + 1, entries.at(-1)?.hash), kind: 'era' as 'run' };
  const session = await memoryAuditStore(made.ledger).openSession();
  await session.append(KEY, seal(newer));
  await expect(made.with([a, b]).start()).rejects.toMatchObject({
    code: 'FLG_LEDGER_NEWER',
    message: expect.stringContaining("'era'"),
  });
});
