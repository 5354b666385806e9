import { describe, expect, test } from '@jest/globals';
import { changeOf } from '../../test/change-of.js';
import { LEASE_MS, never, plainTarget, verifying } from '../../test/faults.js';
import { asking, instance, type Instance, type InstanceParts, KEY, storyOf } from '../../test/instance.js';
import { wrappedStore } from '../../test/wrapped-store.js';
import type { Change } from '../change/change.js';
import type { LedgerEntry } from '../ledger/entry.js';
import { MemoryDatabase } from '../memory/memory-database.js';
import { memoryAuditStore } from '../memory/memory-store.js';
import { memoryTarget, MemoryValues } from '../memory/memory-target.js';
import type { AdoptionOptions, AdoptionReport } from '../operations.js';
import type { Target, TargetTransactions } from '../target/target.js';
import { adopt } from './adopt.js';
import { resolveIssue } from './resolve.js';
import { undo } from './undo.js';

const WHO = { actor: 'ops', reason: 'restored' } as const;
const adopting = (
  { engine, parts }: Instance,
  targetSystem = 'db',
  options: Partial<AdoptionOptions> = {},
): Promise<AdoptionReport> => adopt(engine, parts.changes, targetSystem, { ...WHO, ...options });
const resolving = ({ engine, parts }: Instance, id: string, as: 'APPLIED' | 'ROLLED_BACK'): Promise<void> =>
  resolveIssue(engine, parts.changes, id, { ...WHO, as });

/** Counts what is there. */
function counting(name: string, parts: Partial<Change> = {}): Change {
  const add = (by: number): Change['apply'] =>
    asking<[MemoryValues]>([MemoryValues], ([values]) => {
      values.set(name, Number(values.get(name) ?? 0) + by);
    });
  return changeOf(name, { apply: add(1), rollback: add(-1), targetSystem: 'db', ...parts });
}

const a = counting('_0001__a');
const b = counting('_0002__b');
const c = counting('_0003__c');

interface World {
  readonly ledger: MemoryDatabase;
  readonly target: MemoryDatabase;
  with(changes: readonly Change[], parts?: Partial<InstanceParts>): Instance;
  count(name: string): unknown;
}

function world(): World {
  const [ledger, target] = [new MemoryDatabase(), new MemoryDatabase()];
  return {
    ledger,
    target,
    with: (changes, parts = {}) =>
      instance({ store: memoryAuditStore(ledger), targets: { db: memoryTarget(target) }, changes, ...parts }),
    count: (name) => target.contents().values.get(name),
  };
}

describe('a target that is behind its ledger', () => {
  const restored = async (): Promise<World> => {
    const made = world();
    await made.with([a]).start();
    const backup = made.target.contents();
    await made.with([a, b]).start();
    made.target.commit(backup);
    await expect(made.with([a, b, c]).start()).rejects.toMatchObject({ code: 'FLG_TARGET_BEHIND' });
    return made;
  };

  test('is adopted: what it has lost becomes an issue, and comes back in its place when a person says so', async () => {
    const made = await restored();
    await expect(adopting(made.with([a, b, c]))).resolves.toEqual({
      targetSystems: ['db'],
      found: 'behind',
      inDoubt: ['b'],
    });
    await expect(made.with([a, b, c]).start()).rejects.toMatchObject({
      code: 'FLG_ISSUE_OPEN',
      message: expect.stringContaining('adopted'),
    });
    await resolving(made.with([a, b, c]), 'b', 'ROLLED_BACK');
    await expect(made.with([a, b, c]).start()).resolves.toMatchObject({
      applied: [{ id: 'b' }, { id: 'c' }],
    });
    expect([made.count('_0001__a'), made.count('_0002__b')]).toEqual([1, 1]);
  });

  test('and its changes may be said to be there', async () => {
    const made = await restored();
    await adopting(made.with([a, b, c]));
    await resolving(made.with([a, b, c]), 'b', 'APPLIED');
    await expect(made.with([a, b, c]).start()).resolves.toMatchObject({ applied: [{ id: 'c' }] });
  });

  test('and a verify tells what it has lost', async () => {
    const made = await restored();
    const known = counting(
      '_0002__b',
      verifying(() => (made.count('_0002__b') === 1 ? 'APPLIED' : 'NOT_APPLIED')),
    );
    await adopting(made.with([a, known, c]));
    await expect(made.with([a, known, c]).start()).resolves.toMatchObject({
      applied: [{ id: 'b' }, { id: 'c' }],
    });
  });

  test('all that is in doubt may be told at once', async () => {
    const made = await restored();
    await adopting(made.with([a, b, c]), 'db', { inDoubt: 'ROLLED_BACK' });
    expect((await storyOf(made.ledger)).at(-1)).toBe('b:MANUALLY_ROLLED_BACK:person');
    await made.with([a, b, c]).start();
    expect(made.count('_0002__b')).toBe(1);
  });

  test('is found behind again when it is set back once more', async () => {
    const made = await restored();
    const backup = made.target.contents();
    await adopting(made.with([a, b]), 'db', { inDoubt: 'APPLIED' });
    made.target.commit(backup);
    await expect(made.with([a, b, c]).start()).rejects.toMatchObject({ code: 'FLG_TARGET_BEHIND' });
  });

  test('what was undone since the backup stays held when a person says that it is gone', async () => {
    const made = world();
    await made.with([a]).start();
    const backup = made.target.contents();
    const { engine, parts } = made.with([a]);
    await undo(engine, parts, { last: true, ...WHO });
    made.target.commit(backup);
    await expect(adopting(made.with([a]))).resolves.toMatchObject({ found: 'behind', inDoubt: ['a'] });
    await resolving(made.with([a]), 'a', 'ROLLED_BACK');
    await expect(made.with([a]).start()).rejects.toMatchObject({ code: 'FLG_CHANGE_HELD' });
  });

  test('an older release puts in doubt also what only a newer one declares', async () => {
    const made = await restored();
    await expect(adopting(made.with([a]))).resolves.toMatchObject({ found: 'behind', inDoubt: ['b'] });
    await expect(made.with([a, b, c]).start()).rejects.toMatchObject({ code: 'FLG_ISSUE_OPEN' });
    await resolving(made.with([a, b, c]), 'b', 'ROLLED_BACK');
    await made.with([a, b, c]).start();
    expect(made.count('_0002__b')).toBe(1);
  });

  test('takes those with it that share its database', async () => {
    const made = world();
    const targets = { db: memoryTarget(made.target), other: memoryTarget(made.target) };
    const elsewhere = counting('_0002__b', { targetSystem: 'other' });
    await made.with([a, elsewhere], { targets }).start();
    const fresh = new MemoryDatabase();
    const anew = { targets: { db: memoryTarget(fresh), other: memoryTarget(fresh) } };
    await expect(adopting(made.with([a, elsewhere], anew))).resolves.toEqual({
      targetSystems: ['db', 'other'],
      found: 'behind',
      inDoubt: ['a', 'b'],
    });
  });
});

describe('a target that is ahead of its ledger', () => {
  test.each([
    ['by what it has committed', () => undefined],
    [
      'by a claim of a run that the ledger has lost',
      (target: MemoryDatabase) => memoryTarget(target).transactions?.claim(KEY, 99),
    ],
  ])('%s is adopted: what the ledger may have lost is not applied again unseen', async (_how, claim) => {
    const made = world();
    await made.with([a]).start();
    const backup = made.ledger.contents();
    await made.with([a, b]).start();
    made.ledger.commit(backup);
    await claim(made.target);
    await expect(made.with([a, b]).start()).rejects.toMatchObject({ code: 'FLG_TARGET_AHEAD' });
    await expect(adopting(made.with([a, b]))).resolves.toMatchObject({ found: 'ahead', inDoubt: ['b'] });
    await expect(made.with([a, b]).start()).rejects.toMatchObject({ code: 'FLG_ISSUE_OPEN' });
    await resolving(made.with([a, b]), 'b', 'APPLIED');
    await made.with([a, b, c]).start();
    expect(['_0001__a', '_0002__b', '_0003__c'].map((name) => made.count(name))).toEqual([1, 1, 1]);
  });

  test('a person may say that what an undo took back, which the ledger has lost, is gone', async () => {
    const made = world();
    await made.with([a]).start();
    const backup = made.ledger.contents();
    const { engine, parts } = made.with([a]);
    await undo(engine, parts, { last: true, ...WHO });
    made.ledger.commit(backup);
    await adopting(made.with([a]));
    await resolving(made.with([a]), 'a', 'ROLLED_BACK');
    await made.with([a]).start();
    expect(made.count('_0001__a')).toBe(1);
  });
});

describe('a target that belongs to another environment', () => {
  const cloned = async (): Promise<World> => {
    const made = world();
    const store = memoryAuditStore();
    await made.with([a], { store, environment: 'production' }).start();
    return made;
  };

  test('is adopted: every change is in doubt, and the other environment is refused from then on', async () => {
    const made = await cloned();
    await expect(made.with([a, b]).start()).rejects.toMatchObject({ code: 'FLG_TARGET_ENVIRONMENT' });
    await expect(adopting(made.with([a, b]))).resolves.toMatchObject({
      found: 'foreign',
      inDoubt: ['a', 'b'],
    });
    await resolving(made.with([a, b]), 'a', 'APPLIED');
    await resolving(made.with([a, b]), 'b', 'ROLLED_BACK');
    await made.with([a, b]).start();
    expect([made.count('_0001__a'), made.count('_0002__b')]).toEqual([1, 1]);
    const production = made.with([c], { store: memoryAuditStore(), environment: 'production' });
    await expect(production.start()).rejects.toMatchObject({ code: 'FLG_TARGET_ENVIRONMENT' });
  });

  test('is not adopted for an environment that nobody has listed', async () => {
    const made = await cloned();
    await made.with([a], { targets: { db: memoryTarget() } }).start();
    await expect(adopting(made.with([a], { environment: 'tset' }))).rejects.toMatchObject({
      code: 'FLG_ENVIRONMENT_UNLISTED',
    });
  });
});

describe('another system', () => {
  const identified = (target: Target, identity: string): Target => ({ ...target, identity });

  test('that shows by its fence that it is the same, moved, is adopted without a doubt', async () => {
    const made = world();
    const at = (identity: string): Partial<InstanceParts> => ({
      targets: { db: identified(memoryTarget(made.target), identity) },
    });
    await made.with([a], at('old')).start();
    await expect(made.with([a, b], at('new')).start()).rejects.toMatchObject({ code: 'FLG_TARGET_IDENTITY' });
    await expect(adopting(made.with([a, b], at('new')))).resolves.toMatchObject({
      found: 'moved',
      inDoubt: [],
    });
    await expect(made.with([a, b], at('new')).start()).resolves.toMatchObject({ applied: [{ id: 'b' }] });
    await expect(made.with([a, b], at('old')).start()).rejects.toMatchObject({ code: 'FLG_TARGET_IDENTITY' });
    await expect(adopting(made.with([a, b], at('new')))).rejects.toMatchObject({
      code: 'FLG_ADOPTION_REFUSED',
    });
  });

  test('of which nothing tells what it holds: a person may say that a change is gone, once', async () => {
    const ledger = new MemoryDatabase();
    const effects: string[] = [];
    const change = (name: string): Change =>
      changeOf(name, {
        apply: asking<[string[]]>([Array], ([done]) => done.push(name)),
        targetSystem: 'api',
      });
    const at = (identity: string): Instance =>
      instance({
        store: memoryAuditStore(ledger),
        targets: { api: identified(plainTarget(effects), identity) },
        changes: [change('_0001__a'), change('_0002__b')],
      });
    await at('old').start();
    await expect(resolving(at('old'), 'a', 'ROLLED_BACK')).rejects.toMatchObject({
      code: 'FLG_RESOLUTION_REFUSED',
    });
    await expect(adopting(at('new'), 'api')).resolves.toMatchObject({ found: 'unknown', inDoubt: [] });
    await expect(at('new').start()).resolves.toMatchObject({ outcome: 'up-to-date' });
    await expect(resolving(at('new'), 'a', 'APPLIED')).rejects.toMatchObject({
      code: 'FLG_RESOLUTION_REFUSED',
    });
    await resolving(at('new'), 'a', 'ROLLED_BACK');
    await at('new').start();
    expect(effects).toEqual(['_0001__a', '_0002__b', '_0001__a']);
    await expect(resolving(at('new'), 'a', 'ROLLED_BACK')).rejects.toMatchObject({
      code: 'FLG_RESOLUTION_REFUSED',
    });
  });
});

describe('an adoption that is interrupted', () => {
  const isDoubt = (entry: LedgerEntry): boolean =>
    entry.kind === 'execution' && entry.error?.name === 'Adopted';
  const isAdoption = (entry: LedgerEntry): boolean => entry.kind === 'adoption';

  test.each<[string, ((entry: LedgerEntry) => boolean) | 'fence', 'before' | 'after']>([
    ['before what is in doubt is recorded', isDoubt, 'before'],
    ['after that', isDoubt, 'after'],
    ['before it is recorded', isAdoption, 'before'],
    ['after it is recorded', isAdoption, 'after'],
    ['before the fence is rewritten', 'fence', 'before'],
    ['after it is rewritten', 'fence', 'after'],
  ])('%s never lets a start trust the target', async (_when, what, when) => {
    const made = world();
    await made.with([a]).start();
    made.target.commit({ fences: new Map(), values: new Map() });
    const honest = memoryTarget(made.target).transactions as TargetTransactions;
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
            if (what === 'fence' || !what(sealed.entry)) return session.append(key, sealed);
            if (when === 'after') await session.append(key, sealed);
            return die();
          },
        }),
      );
      const db: Target = {
        ...memoryTarget(made.target),
        transactions: {
          ...honest,
          adopt: async (...args) => {
            if (what !== 'fence') return honest.adopt?.(...args) ?? false;
            if (when === 'after') await honest.adopt?.(...args);
            return die();
          },
        },
      };
      void adopting(made.with([a], { store, targets: { db }, leaseMs: LEASE_MS })).catch(() => undefined);
    });
    await expect(made.with([a, b]).start()).rejects.toMatchObject({
      code: expect.stringMatching(/FLG_TARGET_BEHIND|FLG_ISSUE_OPEN/),
    });
    expect(made.target.contents().values.size).toBe(0);
    await adopting(made.with([a, b])).catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'FLG_ADOPTION_REFUSED' });
    });
    await resolving(made.with([a, b]), 'a', 'ROLLED_BACK');
    await made.with([a, b]).start();
    expect([made.count('_0001__a'), made.count('_0002__b')]).toEqual([1, 1]);
  });

  test('by somebody else who claims the target is refused', async () => {
    const made = world();
    await made.with([a]).start();
    made.target.commit({ fences: new Map(), values: new Map() });
    const honest = memoryTarget(made.target).transactions as TargetTransactions;
    const db: Target = {
      ...memoryTarget(made.target),
      transactions: {
        ...honest,
        adopt: async (...args) => {
          await honest.claim(KEY, 99);
          return honest.adopt?.(...args) ?? false;
        },
      },
    };
    await expect(adopting(made.with([a], { targets: { db } }))).rejects.toMatchObject({
      code: 'FLG_ADOPTION_REFUSED',
    });
    expect(made.target.contents().fences.values().next().value).toMatchObject({ claimed: 99, applied: 0 });
  });
});

describe('what is refused', () => {
  test.each<[string, string, Partial<AdoptionOptions>, string]>([
    ['a target that is as the ledger knows it', 'db', {}, 'FLG_ADOPTION_REFUSED'],
    ['a target system that is not configured', 'nope', {}, 'FLG_OPTION_INVALID'],
    ['no actor', 'db', { actor: '' }, 'FLG_OPTION_INVALID'],
    ['an unknown option', 'db', { force: true } as never, 'FLG_OPTION_UNKNOWN'],
    ['a wrong word', 'db', { inDoubt: 'MAYBE' as never }, 'FLG_OPTION_INVALID'],
  ])('%s', async (_what, targetSystem, options, code) => {
    const made = world();
    await made.with([a]).start();
    await expect(adopting(made.with([a]), targetSystem, options)).rejects.toMatchObject({ code });
  });

  test('a target whose package cannot rewrite its fence', async () => {
    const made = world();
    await made.with([a]).start();
    const real = memoryTarget();
    const { adopt: _none, ...transactions } = real.transactions as TargetTransactions;
    const targets = { db: { ...real, transactions } };
    await expect(adopting(made.with([a], { targets }))).rejects.toMatchObject({
      code: 'FLG_ADOPTION_REFUSED',
    });
    expect(await storyOf(made.ledger)).toHaveLength(2);
  });
});
