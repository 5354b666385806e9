import { describe, expect, test } from '@jest/globals';
import { changeOf } from '../../test/change-of.js';
import { asking, instance, KEY, storyOf } from '../../test/instance.js';
import { wrappedStore } from '../../test/wrapped-store.js';
import type { Change, Verdict } from '../change/change.js';
import { NotApplied } from '../change/not-applied.js';
import { FlamingockError } from '../errors.js';
import type { AuditStore } from '../ledger/audit-store.js';
import { MemoryDatabase } from '../memory/memory-database.js';
import { memoryAuditStore } from '../memory/memory-store.js';
import { memoryTarget, MemoryValues } from '../memory/memory-target.js';
import type { Evidence, Target } from '../target/target.js';
import { resolveIssue } from './resolve.js';

const LEASE_MS = 150;
const never = new Promise<never>(() => undefined);

/** A process that dies at the append of a state: before it is written, or after it was written and before it is answered. */
function dyingAt(store: AuditStore, state: string, when: 'before' | 'after', died: () => void): AuditStore {
  let dead = false;
  const unlessDead =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> =>
      dead ? never : call(...args);
  return wrappedStore(
    store,
    () => ({}),
    (session) => ({
      renew: unlessDead((...args) => session.renew(...args)),
      release: unlessDead((...args) => session.release(...args)),
      append: unlessDead(async (key, sealed) => {
        if (sealed.entry.kind === 'run' || sealed.entry.state !== state) return session.append(key, sealed);
        if (when === 'after') await session.append(key, sealed);
        dead = true;
        died();
        return never;
      }),
    }),
  );
}

/** A system that cannot be proven, and what was done to it. */
function plainTarget(effects: string[], evidence?: () => Evidence): Target {
  const base: Target = {
    kind: 'plain',
    clients: [],
    supplies: (token) => token === Array,
    client: () => effects,
  };
  if (evidence === undefined) return base;
  return {
    ...base,
    evidence: {
      observe: async (attempt) => {
        try {
          await attempt();
          return { outcome: 'returned' };
        } catch (error) {
          return { outcome: 'threw', error, evidence: evidence() };
        }
      },
    },
  };
}

function plainChange(apply: (effects: string[]) => unknown, parts: Partial<Change> = {}): Change {
  return changeOf('_0001__a', {
    apply: asking<[string[]]>([Array], ([effects]) => apply(effects)),
    ...parts,
  });
}

const verifying = (verdict: () => Verdict): Pick<Change, 'verify'> => ({ verify: asking([], verdict) });

const failing = (effects: string[]): never => {
  effects.push('a');
  throw new Error('who knows');
};

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

describe('a transactional change that ended its transaction by itself', () => {
  const broken = (verdict: Verdict): Promise<{ story: readonly string[]; ledger: MemoryDatabase }> =>
    run(changeOf('_0001__a', { targetSystem: 'db', ...verifying(() => verdict) }));

  async function run(change: Change): Promise<{ story: readonly string[]; ledger: MemoryDatabase }> {
    const ledger = new MemoryDatabase();
    const real = memoryTarget();
    if (real.transactions === undefined) throw new TypeError('no transactions');
    let first = true;
    const db: Target = {
      ...real,
      transactions: {
        ...real.transactions,
        run: (request) => {
          if (!first) return real.transactions?.run(request) ?? never;
          first = false;
          return Promise.resolve({ status: 'broken', error: new Error('COMMIT inside') });
        },
      },
    };
    await instance({ store: memoryAuditStore(ledger), targets: { db }, changes: [change] })
      .start()
      .catch(() => undefined);
    return { story: await storyOf(ledger), ledger };
  }

  test.each<[Verdict, string]>([
    ['APPLIED', 'a:APPLIED:verify'],
    ['NOT_APPLIED', 'a:FAILED:verify'],
    ['UNKNOWN', 'a:FAILED:none'],
  ])('is what its verify finds: %s', async (verdict, outcome) => {
    expect((await broken(verdict)).story).toEqual(['a:STARTED:none', outcome]);
  });

  test('and was found applied, does not make its target look older than the ledger', async () => {
    const { ledger } = await broken('APPLIED');
    const next = changeOf('_0002__b', { targetSystem: 'db' });
    const one = instance({
      store: memoryAuditStore(ledger),
      targets: { db: memoryTarget() },
      changes: [changeOf('_0001__a', { targetSystem: 'db' }), next],
    });
    await expect(one.start()).resolves.toMatchObject({ applied: [{ id: 'b' }] });
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

describe('the failure of a change without a transaction', () => {
  const fail = async (
    change: Change,
    evidence?: Evidence,
  ): Promise<{ code: unknown; story: readonly string[] }> => {
    const ledger = new MemoryDatabase();
    const target = plainTarget([], evidence && (() => evidence));
    const error: unknown = await instance({
      store: memoryAuditStore(ledger),
      targets: { api: target },
      changes: [change],
    })
      .start()
      .then(
        () => undefined,
        (reason: unknown) => reason,
      );
    return { code: (error as { code?: string } | undefined)?.code, story: (await storyOf(ledger)).slice(1) };
  };
  const rollback = asking([], () => undefined);

  test.each<[string, Change, Evidence | undefined, string | undefined, string]>([
    [
      'the change says itself that it had no effect',
      plainChange(() => {
        throw new NotApplied(new Error('precondition'));
      }),
      undefined,
      'FLG_CHANGE_FAILED',
      'a:FAILED:rejected',
    ],
    [
      'nothing was sent',
      plainChange(failing),
      { proof: 'not-sent', settled: true },
      'FLG_CHANGE_FAILED',
      'a:FAILED:not-sent',
    ],
    [
      'the target refused it',
      plainChange(failing),
      { proof: 'rejected', settled: true },
      'FLG_CHANGE_FAILED',
      'a:FAILED:rejected',
    ],
    [
      'verify finds nothing of it',
      plainChange(
        failing,
        verifying(() => 'NOT_APPLIED'),
      ),
      undefined,
      'FLG_CHANGE_FAILED',
      'a:FAILED:verify',
    ],
    [
      'verify finds it applied',
      plainChange(
        failing,
        verifying(() => 'APPLIED'),
      ),
      undefined,
      undefined,
      'a:APPLIED:verify',
    ],
    [
      'verify cannot tell',
      plainChange(
        failing,
        verifying(() => 'UNKNOWN'),
      ),
      undefined,
      'FLG_ISSUE_OPEN',
      'a:FAILED:none',
    ],
    [
      'verify throws',
      plainChange(
        failing,
        verifying(() => {
          throw new Error('down');
        }),
      ),
      undefined,
      'FLG_ISSUE_OPEN',
      'a:FAILED:none',
    ],
    [
      'its rollback succeeds',
      plainChange(failing, { rollback }),
      undefined,
      'FLG_CHANGE_FAILED',
      'a:ROLLED_BACK:rollback',
    ],
    [
      'its rollback fails',
      plainChange(failing, {
        rollback: asking([], () => {
          throw new Error('no way back');
        }),
      }),
      undefined,
      'FLG_ISSUE_OPEN',
      'a:ROLLBACK_FAILED:none',
    ],
    [
      'a sent request has no answer, so a rollback would prove nothing',
      plainChange(failing, { rollback }),
      { proof: 'none', settled: false },
      'FLG_ISSUE_OPEN',
      'a:FAILED:none',
    ],
    [
      'it timed out, so a rollback would prove nothing',
      plainChange(
        () => {
          throw new DOMException('late', 'TimeoutError');
        },
        { rollback },
      ),
      undefined,
      'FLG_ISSUE_OPEN',
      'a:FAILED:none',
    ],
    ['nothing proves it', plainChange(failing), undefined, 'FLG_ISSUE_OPEN', 'a:FAILED:none'],
    [
      'nothing proves it, and it may be repeated',
      plainChange(failing, { recovery: 'ALWAYS_RETRY' }),
      undefined,
      'FLG_CHANGE_FAILED',
      'a:FAILED:none',
    ],
  ])('%s', async (_when, change, evidence, code, outcome) => {
    expect(await fail(change, evidence)).toEqual({ code, story: [outcome] });
  });
});

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

test('a change whose constructor throws was never started, and leaves no issue', async () => {
  const ledger = new MemoryDatabase();
  const construct = (): never => {
    throw new Error('no configuration');
  };
  const change = plainChange(failing, { construction: { parameters: [], construct } });
  const one = instance({
    store: memoryAuditStore(ledger),
    targets: { api: plainTarget([]) },
    changes: [change],
  });
  await expect(one.start()).rejects.toMatchObject({
    code: 'FLG_CHANGE_INVALID',
    message: expect.stringContaining('no configuration'),
  });
  expect(await storyOf(ledger)).toEqual([]);
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

describe("a person's word on an issue", () => {
  const issue = async (): Promise<{
    ledger: MemoryDatabase;
    effects: string[];
    changes: readonly Change[];
  }> => {
    const ledger = new MemoryDatabase();
    const effects: string[] = [];
    let broken = true;
    const changes = [
      plainChange((done) => {
        done.push('a');
        if (broken) {
          broken = false;
          throw new Error('who knows');
        }
      }),
    ];
    await instance({ store: memoryAuditStore(ledger), targets: { api: plainTarget(effects) }, changes })
      .start()
      .catch(() => undefined);
    return { ledger, effects, changes };
  };

  test.each([
    ['APPLIED', ['a'], 'a:MANUALLY_APPLIED:person'],
    ['ROLLED_BACK', ['a', 'a'], 'a:MANUALLY_ROLLED_BACK:person'],
  ] as const)('%s', async (as, expected, entry) => {
    const { ledger, effects, changes } = await issue();
    const parts = { store: memoryAuditStore(ledger), targets: { api: plainTarget(effects) }, changes };
    const { engine } = instance(parts);
    const assigned = changes.map((change) => ({ ...change, targetSystem: 'api' }));
    await resolveIssue(engine, assigned, 'a', { as, actor: 'ops', reason: 'looked' });
    expect((await storyOf(ledger)).at(-1)).toBe(entry);
    await instance(parts).start();
    expect(effects).toEqual(expected);
    await expect(
      resolveIssue(engine, assigned, 'a', { as, actor: 'ops', reason: 'again' }),
    ).rejects.toMatchObject({ code: 'FLG_RESOLUTION_REFUSED' });
  });

  test('needs a name and a reason', async () => {
    const { ledger, changes } = await issue();
    const { engine } = instance({
      store: memoryAuditStore(ledger),
      targets: { api: plainTarget([]) },
      changes,
    });
    await expect(
      resolveIssue(engine, [], 'a', { as: 'APPLIED', actor: ' ', reason: '' }),
    ).rejects.toMatchObject({ code: 'FLG_OPTION_INVALID', message: expect.stringMatching(/actor.*reason/) });
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
