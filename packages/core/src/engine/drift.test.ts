import { describe, expect, test } from '@jest/globals';
import { changeOf } from '../../test/change-of.js';
import { never, plainTarget } from '../../test/faults.js';
import { asking, instance, type Instance, type InstanceParts, storyOf } from '../../test/instance.js';
import type { Change } from '../change/change.js';
import { FlamingockError } from '../errors.js';
import { MemoryDatabase } from '../memory/memory-database.js';
import { memoryAuditStore } from '../memory/memory-store.js';
import { memoryTarget, MemoryValues } from '../memory/memory-target.js';
import type { VerifyOptions, VerifyReport } from '../operations.js';
import type { Target, TargetTransactions } from '../target/target.js';
import { verifyApplied } from './drift.js';
import { undo } from './undo.js';

const looking = ({ engine, parts }: Instance, options: VerifyOptions = {}): Promise<VerifyReport> =>
  verifyApplied(engine, parts, options);
const results = ({ changes }: VerifyReport): string[] => changes.map(({ id, result }) => `${id}:${result}`);

/** Sets its value, and finds it there or not. */
function setting(name: string, parts: Partial<Change> = {}): Change {
  return changeOf(name, {
    apply: asking<[MemoryValues]>([MemoryValues], ([values]) => {
      values.set(name, true);
    }),
    rollback: asking<[MemoryValues]>([MemoryValues], ([values]) => {
      values.set(name, false);
    }),
    verify: asking<[MemoryValues]>([MemoryValues], ([values]) => {
      const found = values.get(name) === true;
      values.set('looked', true);
      return found ? 'APPLIED' : 'NOT_APPLIED';
    }),
    targetSystem: 'db',
    ...parts,
  });
}

const answering = (verify: () => unknown): Partial<Change> => ({ verify: asking([], verify) });

interface World {
  readonly ledger: MemoryDatabase;
  readonly values: MemoryDatabase;
  with(changes: readonly Change[], parts?: Partial<InstanceParts>): Instance;
}

function world(kind: 'shared' | 'separate' | 'plain' = 'separate'): World {
  const ledger = new MemoryDatabase();
  const values = kind === 'shared' ? ledger : new MemoryDatabase();
  const { transactions: _none, ...plain } = memoryTarget(values);
  const db: Target = kind === 'plain' ? plain : memoryTarget(values);
  return {
    ledger,
    values,
    with: (changes, parts = {}) =>
      instance({ store: memoryAuditStore(ledger), targets: { db }, changes, ...parts }),
  };
}

describe.each(['shared', 'separate', 'plain'] as const)('looking at applied changes: %s', (kind) => {
  test('finds what somebody has taken back, and changes nothing', async () => {
    const made = world(kind);
    const changes = [setting('_0001__a'), setting('_0002__b'), setting('_0003__c', { verify: undefined })];
    await made.with(changes).start();
    const story = await storyOf(made.ledger);
    const { fences, ledgers } = made.values.contents();
    await expect(looking(made.with(changes))).resolves.toMatchObject({ ok: true, drift: {} });
    made.values.commit({ values: new Map(made.values.contents().values).set('_0002__b', false) });
    const one = made.with([...changes, setting('_0004__pending')]);
    const report = await looking(one);
    expect(report).toMatchObject({ ok: false, drift: { db: ['b'] } });
    expect(results(report)).toEqual(['a:APPLIED', 'b:NOT_APPLIED', 'c:NO_VERIFY']);
    expect(one.events).toMatchObject([
      { type: 'change-verified', done: 1, total: 3 },
      { type: 'change-verified', result: 'NOT_APPLIED', done: 2 },
      { type: 'change-verified', result: 'NO_VERIFY', done: 3 },
    ]);
    expect(await storyOf(made.ledger)).toEqual(story);
    expect(made.values.contents().fences).toBe(fences);
    if (kind !== 'plain') expect(made.values.contents().values.has('looked')).toBe(false);
    expect(made.values.contents().ledgers).toBe(ledgers);
  });
});

test('needs no lock', async () => {
  const made = world();
  let go = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    go = resolve;
  });
  await made.with([setting('_0001__a')]).start();
  const slow = setting('_0002__b', {
    apply: asking([], async () => {
      await held;
    }),
    transactional: false,
  });
  const running = made.with([setting('_0001__a'), slow]).start();
  await expect(looking(made.with([setting('_0001__a')]))).resolves.toMatchObject({ ok: true });
  go();
  await running;
});

describe('a verify that does not tell', () => {
  test.each<[string, () => unknown, string, string | undefined]>([
    ['is in doubt', () => 'UNKNOWN', 'UNKNOWN', undefined],
    ['answers something else', () => true, 'FAILED', 'verify must answer'],
    [
      'throws',
      () => Promise.reject(new Error('postgres://app:hunter2@db is gone')),
      'FAILED',
      'postgres://***@db',
    ],
    ['never answers', () => never, 'FAILED', 'did not answer within 50 ms'],
  ])('%s: the others are looked at all the same', async (_how, verify, result, message) => {
    const made = world();
    const changes = [setting('_0001__a', answering(verify)), setting('_0002__b')];
    await made.with(changes).start();
    const report = await looking(made.with(changes), { changeDeadlineMs: 50 });
    expect(report).toMatchObject({ ok: false, drift: {} });
    expect(results(report)).toEqual([`a:${result}`, 'b:APPLIED']);
    expect(report.changes[0]?.error?.message).toEqual(
      message === undefined ? undefined : expect.stringContaining(message),
    );
  });

  test('may say why, and no secret with it', async () => {
    const made = world();
    const why = ['partitions: want 12,\n  has 6', 'at postgres://app:hunter2@db'];
    const changes = [
      setting(
        '_0001__a',
        answering(() => ({ verdict: 'NOT_APPLIED', differences: why })),
      ),
    ];
    await made.with(changes).start();
    const report = await looking(made.with(changes));
    expect(results(report)).toEqual(['a:NOT_APPLIED']);
    expect(report.changes[0]?.differences).toEqual(['partitions: want 12, has 6', 'at postgres://***@db']);
  });

  test('keeps a secret at the place where a line is cut', async () => {
    const made = world();
    const why = [`${'x'.repeat(280)} postgres://app:hunter2@db`];
    const changes = [
      setting(
        '_0001__a',
        answering(() => ({ verdict: 'NOT_APPLIED', differences: why })),
      ),
    ];
    await made.with(changes).start();
    const [told] = (await looking(made.with(changes))).changes;
    expect(told?.differences).toEqual([`${'x'.repeat(280)} postgres://***@db`]);
  });

  test('ends with the deadline for all', async () => {
    const changes = [
      setting(
        '_0001__a',
        answering(() => never),
      ),
      setting('_0002__b'),
    ];
    const made = world('plain');
    await made.with(changes).start();
    const report = await looking(made.with(changes), { deadlineMs: 50 });
    expect(results(report)).toEqual(['a:NOT_REACHED', 'b:NOT_REACHED']);
  });

  test('ends where the transaction of its target never begins', async () => {
    const made = world();
    await made.with([setting('_0001__a')]).start();
    const real = memoryTarget(made.values);
    const dead: Target = {
      ...real,
      transactions: { ...(real.transactions as TargetTransactions), run: () => never },
    };
    const one = made.with([setting('_0001__a')], { targets: { db: dead } });
    expect(results(await looking(one, { changeDeadlineMs: 50 }))).toEqual(['a:FAILED']);
  });

  test('is asked again while its target is busy', async () => {
    const made = world();
    await made.with([setting('_0001__a')]).start();
    const real = memoryTarget(made.values);
    const { run } = real.transactions as TargetTransactions;
    let refused = false;
    const busy: Target = {
      ...real,
      transactions: {
        ...(real.transactions as TargetTransactions),
        run: (request) => {
          expect(request).not.toHaveProperty('fence');
          expect(request).not.toHaveProperty('shared');
          if (refused) return run(request);
          refused = true;
          return Promise.reject(
            new FlamingockError({ code: 'FLG_STORE_BUSY', message: 'locked', hint: 'again' }),
          );
        },
      },
    };
    await expect(looking(made.with([setting('_0001__a')], { targets: { db: busy } }))).resolves.toMatchObject(
      {
        ok: true,
      },
    );
    expect(refused).toBe(true);
  });
});

test('what is undone meanwhile is no drift', async () => {
  const made = world('plain');
  const first = setting('_0001__a');
  await made.with([first]).start();
  const watched = setting('_0001__a', {
    verify: asking([], async () => {
      const { engine, parts } = made.with([first]);
      await undo(engine, parts, { last: true, actor: 'ops', reason: 'meanwhile' });
      return 'NOT_APPLIED';
    }),
  });
  const report = await looking(made.with([watched]));
  expect(report).toMatchObject({ ok: true, drift: {} });
  expect(results(report)).toEqual(['a:CHANGED']);
});

test('only the asked ones are looked at', async () => {
  const changes = [setting('_0001__a'), setting('_0002__b')];
  const made = world();
  await made.with(changes).start();
  expect(results(await looking(made.with(changes), { changes: ['b'] }))).toEqual(['b:APPLIED']);
});

test('a change that is aimed at another system now is not asked there', async () => {
  const made = world();
  await made.with([setting('_0001__a')]).start();
  const targets = { db: memoryTarget(made.values), moved: memoryTarget() };
  const one = made.with([setting('_0001__a', { targetSystem: 'moved' })], { targets });
  expect(await looking(one)).toMatchObject({
    changes: [{ result: 'FAILED', error: { message: expect.stringContaining("applied at 'db'") } }],
  });
});

describe('what is refused', () => {
  test.each<[string, VerifyOptions, string]>([
    ['an id that is not applied', { changes: ['nope'] }, 'FLG_OPTION_INVALID'],
    ['a deadline that is none', { deadlineMs: 0 }, 'FLG_OPTION_INVALID'],
    ['an unknown option', { force: true } as never, 'FLG_OPTION_UNKNOWN'],
  ])('%s', async (_what, options, code) => {
    await expect(looking(world().with([setting('_0001__a')]), options)).rejects.toMatchObject({ code });
  });

  test('a system that is not the recorded one', async () => {
    const made = world();
    const identified = (identity: string): Partial<InstanceParts> => ({
      targets: { db: { ...memoryTarget(made.values), identity } },
    });
    await made.with([setting('_0001__a')], identified('old')).start();
    await expect(looking(made.with([setting('_0001__a')], identified('new')))).rejects.toMatchObject({
      code: 'FLG_TARGET_IDENTITY',
    });
  });
});

test('a target without transactions is asked with its plain clients', async () => {
  const effects: string[] = [];
  const change = changeOf('_0001__a', {
    apply: asking<[string[]]>([Array], ([done]) => done.push('a')),
    verify: asking<[string[]]>([Array], ([done]) => (done.includes('a') ? 'APPLIED' : 'NOT_APPLIED')),
  });
  const one = instance({
    store: memoryAuditStore(),
    targets: { api: plainTarget(effects) },
    changes: [change],
  });
  await one.start();
  await expect(looking(one)).resolves.toMatchObject({ ok: true });
  effects.length = 0;
  await expect(looking(one)).resolves.toMatchObject({ drift: { api: ['a'] } });
});
