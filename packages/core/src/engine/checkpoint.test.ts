import { describe, expect, test } from '@jest/globals';
import { dyingAt, LEASE_MS, never, plainTarget } from '../../test/faults.js';
import { asking, instance, KEY, storyOf } from '../../test/instance.js';
import { plain, play } from '../../test/play.js';
import { wrappedStore } from '../../test/wrapped-store.js';
import type { ChangeContext, JsonValue } from '../change/change-context.js';
import type { Change } from '../change/change.js';
import type { AuditStore, CheckpointWriter } from '../ledger/audit-store.js';
import { MemoryCheckpoints } from '../memory/memory-checkpoints.js';
import { MemoryDatabase } from '../memory/memory-database.js';
import { memoryAuditStore } from '../memory/memory-store.js';

const resumable: Partial<Change> = { transactional: false, resumable: true, recovery: 'ALWAYS_RETRY' };

/** Does batches 1 to 5, and says after each how far it has come. */
function batches(upTo: (batch: number) => void = () => undefined): Change {
  return plain(async ({ checkpoint }: ChangeContext, effects) => {
    const done = (await checkpoint.load<number>()) ?? 0;
    for (let batch = done + 1; batch <= 5; batch += 1) {
      upTo(batch);
      effects.push(String(batch));
      await checkpoint.save(batch);
    }
  }, resumable);
}

function withCheckpoints(
  store: AuditStore,
  database: MemoryDatabase,
  overrides: (inner: CheckpointWriter) => Partial<CheckpointWriter>,
): AuditStore {
  const inner = new MemoryCheckpoints(database);
  const plainWriter: CheckpointWriter = {
    claim: (...args) => inner.claim(...args),
    save: (...args) => inner.save(...args),
  };
  return wrappedStore(
    store,
    () => ({}),
    () => ({ checkpoints: { ...plainWriter, ...overrides(inner) } }),
  );
}

describe('a resumable change', () => {
  test('that fails goes on from its last checkpoint in the next run, without an issue', async () => {
    const ledger = new MemoryDatabase();
    const effects: string[] = [];
    let broken = true;
    const change = batches((batch) => {
      if (batch === 4 && broken) throw new Error('the network is gone');
    });
    const parts = { ledger, targets: { api: plainTarget(effects) } };
    const { error } = await play(change, parts);
    expect(error).toMatchObject({ code: 'FLG_CHANGE_FAILED' });
    broken = false;
    await play(change, parts);
    expect(effects).toEqual(['1', '2', '3', '4', '5']);
  });

  test('that fails is not rolled back: what it has done stays done', async () => {
    const ledger = new MemoryDatabase();
    const effects: string[] = [];
    let broken = true;
    const change: Change = {
      ...batches((batch) => {
        if (batch === 4 && broken) throw new Error('wrong');
      }),
      rollback: asking<[string[]]>([Array], ([done]) => done.push('rolled back')),
    };
    const parts = { ledger, targets: { api: plainTarget(effects) } };
    expect((await play(change, parts)).story.at(-1)).toBe('a:FAILED:none');
    broken = false;
    await play(change, parts);
    expect(effects).toEqual(['1', '2', '3', '4', '5']);
  });

  test.each([
    ['before the first batch', 0, ['1', '2', '3', '4', '5']],
    ['between two batches', 3, ['1', '2', '3', '4', '5']],
    ['after the last batch', 5, ['1', '2', '3', '4', '5']],
  ])('whose process dies %s goes on from there', async (_when, dieAfter, expected) => {
    const ledger = new MemoryDatabase();
    const effects: string[] = [];
    let renewing = true;
    const dying = wrappedStore(
      memoryAuditStore(ledger),
      () => ({}),
      (session) => ({ renew: (...args) => (renewing ? session.renew(...args) : never) }),
    );
    await new Promise<void>((died) => {
      const change = plain(async ({ checkpoint }, done) => {
        const from = (await checkpoint.load<number>()) ?? 0;
        for (let batch = from + 1; batch <= dieAfter; batch += 1) {
          done.push(String(batch));
          await checkpoint.save(batch);
        }
        renewing = false;
        died();
        return never;
      }, resumable);
      const targets = { api: plainTarget(effects) };
      void instance({ store: dying, targets, changes: [change], leaseMs: LEASE_MS })
        .start()
        .catch(() => undefined);
    });
    const { error } = await play(batches(), { ledger, targets: { api: plainTarget(effects) } });
    expect(error).toBeUndefined();
    expect(effects).toEqual(expected);
    expect((await storyOf(ledger)).at(-1)).toBe('a:APPLIED:none');
  });

  test('whose outcome was not recorded any more repeats no batch', async () => {
    const ledger = new MemoryDatabase();
    const effects: string[] = [];
    const targets = { api: plainTarget(effects) };
    await new Promise<void>((died) => {
      const store = dyingAt(memoryAuditStore(ledger), 'APPLIED', 'before', died);
      void instance({ store, targets, changes: [batches()], leaseMs: LEASE_MS })
        .start()
        .catch(() => undefined);
    });
    await play(batches(), { ledger, targets });
    expect(effects).toEqual(['1', '2', '3', '4', '5']);
  });

  test('of a process that was stopped, while another one took it over, can save nothing more', async () => {
    const ledger = new MemoryDatabase();
    let goOn = (): void => undefined;
    const stopped = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let over = (_error: unknown): void => undefined;
    const refused = new Promise<unknown>((resolve) => {
      over = resolve;
    });
    let claimed = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      claimed = resolve;
    });
    const holder = plain(async ({ checkpoint }) => {
      await checkpoint.save('of the first');
      claimed();
      await stopped;
      await checkpoint.save('of the first, too late').catch(over);
      return never;
    }, resumable);
    // Its renewals are confirmed, so that nothing but the claim can tell it that somebody else has come.
    const deaf = wrappedStore(
      memoryAuditStore(ledger),
      () => ({}),
      () => ({ renew: () => Promise.resolve({ now: Date.now() }) }),
    );
    const targets = { api: plainTarget([]) };
    const first = instance({ store: deaf, targets, changes: [holder], leaseMs: LEASE_MS })
      .start()
      .catch((error: unknown) => error);
    await begun;
    let found: unknown;
    const successor = plain(async ({ checkpoint }) => {
      found = await checkpoint.load();
      goOn();
      await refused;
      await checkpoint.save('of the second');
    }, resumable);
    const { error } = await play(successor, { ledger, targets });
    expect(error).toBeUndefined();
    expect(found).toBe('of the first');
    expect(await first).toMatchObject({ code: 'FLG_LOCK_LOST' });
    expect(await refused).toMatchObject({ code: 'FLG_LOCK_LOST' });
    expect([...ledger.contents().checkpoints.values()]).toMatchObject([{ text: '"of the second"' }]);
  });

  test.each([
    ['was written', true],
    ['was not written', false],
  ])(
    'a reply to a checkpoint was lost, and the checkpoint %s: it is saved once more',
    async (_what, written) => {
      const ledger = new MemoryDatabase();
      const effects: string[] = [];
      let lost = 0;
      const store = withCheckpoints(memoryAuditStore(ledger), ledger, (inner) => ({
        save: async (...args) => {
          if (args[2].text !== '3' || (lost += 1) > 1) return inner.save(...args);
          if (written) await inner.save(...args);
          throw new Error('connection reset');
        },
      }));
      const { error } = await play(batches(), { ledger, store, targets: { api: plainTarget(effects) } });
      expect(error).toBeUndefined();
      expect(effects).toEqual(['1', '2', '3', '4', '5']);
      expect([...ledger.contents().checkpoints.values()]).toMatchObject([{ text: '5' }]);
    },
  );

  test('a checkpoint that arrives late does not come over its successor', async () => {
    const database = new MemoryDatabase();
    const writer = new MemoryCheckpoints(database);
    await writer.claim(KEY, 'a', 7);
    await writer.save(KEY, 'a', { sequence: 7, revision: 2, text: '"newer"' });
    expect(await writer.save(KEY, 'a', { sequence: 7, revision: 1, text: '"older"' })).toBe(true);
    expect(await writer.claim(KEY, 'a', 9)).toEqual({ savedBy: 7, text: '"newer"' });
    expect(await writer.save(KEY, 'a', { sequence: 7, revision: 3, text: '"fenced"' })).toBe(false);
    expect(await writer.claim(KEY, 'a', 8)).toBeUndefined();
  });

  test('that a store does not take stops it with a coded error', async () => {
    const ledger = new MemoryDatabase();
    const store = withCheckpoints(memoryAuditStore(ledger), ledger, () => ({
      save: () => Promise.reject(new Error('postgres://app:hunter2@db is gone')),
    }));
    const { error, last } = await play(batches(), { ledger, store });
    expect(error).toMatchObject({ code: 'FLG_CHANGE_FAILED' });
    expect(last?.error).toMatchObject({ code: 'FLG_STORE_WRITE' });
    expect(JSON.stringify(last)).not.toContain('hunter2');
  });

  test('is refused by a store that keeps no checkpoints', async () => {
    const store = wrappedStore(memoryAuditStore(), (inner) => ({
      capabilities: { ...inner.capabilities, checkpoints: false },
    }));
    const { error, story } = await play(batches(), { store });
    expect(error).toMatchObject({ code: 'FLG_CHECKPOINT_INVALID' });
    expect(story).toEqual([]);
  });
});

function holdingItself(): unknown {
  const value: unknown[] = [];
  value.push(value);
  return value;
}

describe('what is refused as a checkpoint', () => {
  const saving = async (value: () => unknown, parts: Partial<Change> = resumable): Promise<unknown> => {
    let refused: unknown;
    const change = plain(async ({ checkpoint }) => {
      await checkpoint.save(value() as JsonValue).catch((error: unknown) => {
        refused = error;
      });
    }, parts);
    await play(change);
    return refused;
  };

  test.each<[string, () => unknown]>([
    ['something that is no JSON', () => () => undefined],
    ['nothing', () => undefined],
    ['a number that JSON has not', () => 10n],
    ['something that holds itself', holdingItself],
    ['something long', () => 'x'.repeat(16_384)],
  ])('%s', async (_what, value) => {
    expect(await saving(value)).toMatchObject({ code: 'FLG_CHECKPOINT_INVALID' });
  });

  test('one of a change that is not resumable', async () => {
    expect(await saving(() => 1, { transactional: false })).toMatchObject({
      code: 'FLG_CHECKPOINT_INVALID',
    });
  });

  test('one that comes after the attempt is over', async () => {
    let context: ChangeContext | undefined;
    await play(
      plain((given) => {
        context = given;
      }, resumable),
    );
    await expect(context?.checkpoint.save(1)).rejects.toMatchObject({ code: 'FLG_CHECKPOINT_INVALID' });
  });
});
