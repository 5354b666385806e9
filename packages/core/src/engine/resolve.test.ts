import { describe, expect, test } from '@jest/globals';
import { changeOf } from '../../test/change-of.js';
import { dyingAt, failing, LEASE_MS, never, plainChange, plainTarget, verifying } from '../../test/faults.js';
import { asking, instance, type Instance, type InstanceParts, KEY, storyOf } from '../../test/instance.js';
import { wrappedStore } from '../../test/wrapped-store.js';
import type { Change, Verdict } from '../change/change.js';
import { MemoryDatabase, withLedger } from '../memory/memory-database.js';
import { memoryAuditStore } from '../memory/memory-store.js';
import type { Resolution } from '../operations.js';
import type { AuditStore } from '../ledger/audit-store.js';
import { commandsOf } from './commands.js';
import { resolveIssue } from './resolve.js';
import { undo } from './undo.js';

const WHO = { actor: 'ops', reason: 'looked' } as const;
const resolving = ({ engine, parts }: Instance, resolution: Partial<Resolution> = {}): Promise<void> =>
  resolveIssue(engine, parts.changes, 'a', { as: 'APPLIED', ...WHO, ...resolution });
const commands = ({ engine, parts }: Instance): ReturnType<typeof commandsOf> =>
  commandsOf(engine, () => Promise.resolve(parts));

interface World {
  readonly ledger: MemoryDatabase;
  readonly effects: string[];
  with(parts?: Partial<InstanceParts>): Instance;
}

/** A ledger whose only change has failed in a way that nothing proves. */
async function issue(parts: Partial<Change> = {}): Promise<World> {
  const ledger = new MemoryDatabase();
  const effects: string[] = [];
  const made = (more: Partial<InstanceParts> = {}): Instance =>
    instance({
      store: memoryAuditStore(ledger),
      targets: { api: plainTarget(effects) },
      changes: [plainChange(failing, parts)],
      ...more,
    });
  await made()
    .start()
    .catch(() => undefined);
  return { ledger, effects, with: made };
}

describe('an issue', () => {
  test('tells what a person needs to decide', async () => {
    const [shown] = await commands((await issue()).with()).issues();
    expect(shown).toMatchObject({
      changeId: 'a',
      displayName: '_0001__a',
      source: 'changes/_0001__a.js',
      of: 'execution',
      sequence: 3,
      targetSystem: 'api',
      strategy: 'NON_TX',
      recovery: 'MANUAL_INTERVENTION',
      state: 'FAILED',
      attempt: 1,
      host: 'host',
      error: { message: 'who knows' },
      missingProof: [
        "it acts on 'api' outside of a transaction",
        'nobody watches what is sent there',
        'it has no verify',
        'it has no rollback',
      ],
      leadsTo: {
        APPLIED: expect.stringContaining('never runs again'),
        ROLLED_BACK: expect.stringContaining('applies it again'),
      },
    });
    expect(shown?.nextSteps.join('\n')).toContain('flamingock issue resolve a --as ROLLED_BACK --expected 3');
    expect(shown).not.toHaveProperty('verified');
  });

  test('of an interrupted change says that its process has ended', async () => {
    const ledger = new MemoryDatabase();
    const parts = { targets: { api: plainTarget([]) }, changes: [plainChange(() => undefined)] };
    await new Promise<void>((died) => {
      const store = dyingAt(memoryAuditStore(ledger), 'STARTED', 'after', died);
      void instance({ ...parts, store, leaseMs: LEASE_MS })
        .start()
        .catch(() => undefined);
    });
    const next = instance({ ...parts, store: memoryAuditStore(ledger) });
    expect(await commands(next).issues()).toEqual([]);
    await expect(resolving(next)).rejects.toThrow(/STARTED: an instance may still be at it/);
    await next.start().catch(() => undefined);
    expect((await commands(next).issues())[0]?.missingProof[0]).toContain('process that ran it ended');
  });

  test.each<Verdict>(['APPLIED', 'NOT_APPLIED', 'UNKNOWN'])(
    'asks its verify when asked to, and writes nothing: %s',
    async (verdict) => {
      let now: Verdict = 'UNKNOWN';
      const made = await issue(verifying(() => now));
      now = verdict;
      const before = await storyOf(made.ledger);
      const { issue: show } = commands(made.with());
      expect((await show('a'))?.nextSteps.join()).toContain('issue show a --verify');
      const shown = await show('a', { verify: true });
      expect(shown).toMatchObject({ verified: { id: 'a', result: verdict } });
      expect(shown?.nextSteps.join()).not.toContain('--verify');
      expect(await storyOf(made.ledger)).toEqual(before);
    },
  );

  test('that does not exist is undefined', async () => {
    expect(await commands((await issue()).with()).issue('nope')).toBeUndefined();
  });
});

describe('a word on an issue', () => {
  test.each([
    ['APPLIED', 'a:MANUALLY_APPLIED:person'],
    ['ROLLED_BACK', 'a:MANUALLY_ROLLED_BACK:person'],
  ] as const)('%s is recorded', async (as, entry) => {
    const made = await issue();
    await resolving(made.with(), { as });
    expect((await storyOf(made.ledger)).at(-1)).toBe(entry);
    await expect(resolving(made.with(), { as })).rejects.toMatchObject({ code: 'FLG_RESOLUTION_REFUSED' });
  });

  test('is refused where another issue stands open than the one that was shown', async () => {
    const made = await issue();
    const [shown] = await commands(made.with()).issues();
    await resolving(made.with(), { as: 'ROLLED_BACK' });
    await made
      .with()
      .start()
      .catch(() => undefined);
    await expect(resolving(made.with(), { expected: shown?.sequence ?? 0 })).rejects.toMatchObject({
      code: 'FLG_RESOLUTION_REFUSED',
      message: expect.stringContaining('not what was shown'),
    });
    expect(made.effects).toEqual(['a', 'a']);
  });

  test('of two people at once is one', async () => {
    const made = await issue();
    const results = await Promise.allSettled([
      resolving(made.with(), { as: 'APPLIED' }),
      resolving(made.with(), { as: 'ROLLED_BACK' }),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await storyOf(made.ledger)).filter((entry) => entry.endsWith(':person'))).toHaveLength(1);
  });

  test('that waits for a run which tries the change again does not hold for what that run leaves', async () => {
    const made = await issue({ recovery: 'ALWAYS_RETRY' });
    const manual = [plainChange(failing)];
    let go = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    let began = (): void => undefined;
    const started = new Promise<void>((resolve) => {
      began = resolve;
    });
    const slow = plainChange(
      async () => {
        began();
        await held;
        throw new Error('again');
      },
      { recovery: 'ALWAYS_RETRY' },
    );
    const running = made
      .with({ changes: [slow] })
      .start()
      .catch(() => undefined);
    // Read before the run began, decided while it holds the lock.
    const one = made.with({ changes: manual });
    const [shown] = await commands(one).issues();
    await started;
    const word = resolving(one, {
      as: 'ROLLED_BACK',
      ...(shown === undefined ? {} : { expected: shown.sequence }),
    });
    word.catch(() => undefined);
    go();
    await running;
    await expect(word).rejects.toMatchObject({ code: 'FLG_RESOLUTION_REFUSED' });
    expect((await storyOf(made.ledger)).at(-1)).toBe('a:FAILED:none');
  });

  test.each([
    ['is written', true],
    ['is not written', false],
  ])('whose reply is lost, and which %s, stands there once', async (_what, written) => {
    const made = await issue();
    let lost = false;
    const store = losing(made.ledger, async (append) => {
      if (lost) return append();
      lost = true;
      if (written) await append();
      throw new Error('connection reset');
    });
    await resolving(made.with({ store }));
    expect((await storyOf(made.ledger)).filter((entry) => entry.endsWith(':person'))).toHaveLength(1);
  });

  test('of a person whose process stood still until somebody else decided is refused', async () => {
    const made = await issue();
    const store = losing(made.ledger, async (append) => {
      // Its lease has run out by the store's clock, and nothing in this process has noticed.
      const ledger = made.ledger.ledger(KEY);
      made.ledger.commit(withLedger(made.ledger.contents(), KEY, { ...ledger, lock: undefined }));
      await resolving(made.with(), { as: 'ROLLED_BACK' });
      return append();
    });
    await expect(resolving(made.with({ store }))).rejects.toMatchObject({
      code: 'FLG_RESOLUTION_REFUSED',
      message: expect.stringContaining('taken over'),
    });
    expect((await storyOf(made.ledger)).filter((entry) => entry.endsWith(':person'))).toEqual([
      'a:MANUALLY_ROLLED_BACK:person',
    ]);
  });

  test('is not recorded without actor and reason, nor with an unknown answer', async () => {
    const made = await issue();
    for (const wrong of [{ actor: ' ' }, { reason: '' }, { as: 'DONE' as never }, { expected: 1.5 }])
      await expect(resolving(made.with(), wrong)).rejects.toMatchObject({ code: 'FLG_OPTION_INVALID' });
    await expect(resolving(made.with(), { force: true } as never)).rejects.toMatchObject({
      code: 'FLG_OPTION_UNKNOWN',
    });
  });
});

describe('an issue of an undo', () => {
  const undone = async (): Promise<World> => {
    const ledger = new MemoryDatabase();
    const effects: string[] = [];
    const change = changeOf('_0001__a', {
      apply: asking<[string[]]>([Array], ([done]) => done.push('a')),
      rollback: asking([], () => Promise.reject(new Error('who knows'))),
      recovery: 'ALWAYS_RETRY',
      targetSystem: 'api',
    });
    const made = (): Instance =>
      instance({
        store: memoryAuditStore(ledger),
        targets: { api: plainTarget(effects) },
        changes: [change],
      });
    await made().start();
    const { engine, parts } = made();
    await undo(engine, parts, { last: true, ...WHO }).catch(() => undefined);
    return { ledger, effects, with: made };
  };

  test('says so, and what each answer leads to', async () => {
    const [shown] = await commands((await undone()).with()).issues();
    expect(shown).toMatchObject({
      of: 'undo',
      leadsTo: {
        APPLIED: expect.stringContaining('before the undo'),
        ROLLED_BACK: expect.stringContaining('held'),
      },
    });
  });

  test('APPLIED: the change counts as applied', async () => {
    const made = await undone();
    await resolving(made.with(), { as: 'APPLIED' });
    await expect(made.with().start()).resolves.toMatchObject({ outcome: 'up-to-date' });
  });

  test('ROLLED_BACK: it counts as undone and is held, so that no start brings it back', async () => {
    const made = await undone();
    await resolving(made.with(), { as: 'ROLLED_BACK' });
    expect((await storyOf(made.ledger)).at(-1)).toBe('a:UNDONE:person');
    await expect(made.with().start()).rejects.toMatchObject({ code: 'FLG_CHANGE_HELD' });
    expect(made.effects).toEqual(['a']);
  });
});

/** A store that treats the append of a resolution in its own way, and lets no renewal through meanwhile. */
function losing(ledger: MemoryDatabase, treat: (append: () => Promise<void>) => Promise<void>): AuditStore {
  let treating = false;
  return wrappedStore(
    memoryAuditStore(ledger),
    () => ({}),
    (session) => ({
      renew: (...args) => (treating ? never : session.renew(...args)),
      append: async (key, sealed) => {
        if (sealed.entry.kind !== 'resolution') return session.append(key, sealed);
        treating = true;
        try {
          await treat(() => session.append(key, sealed));
        } finally {
          treating = false;
        }
      },
    }),
  );
}
