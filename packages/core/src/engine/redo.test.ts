import { describe, expect, test } from '@jest/globals';
import { counting, undoing, type World, world } from '../../test/counting.js';
import { dyingAt, LEASE_MS, plainTarget } from '../../test/faults.js';
import { asking, instance, type Instance, type InstanceParts, storyOf } from '../../test/instance.js';
import { plain } from '../../test/play.js';
import { wrappedStore } from '../../test/wrapped-store.js';
import type { Change } from '../change/change.js';
import { memoryAuditStore } from '../memory/memory-store.js';
import { MemoryDatabase } from '../memory/memory-database.js';
import { MemoryValues } from '../memory/memory-target.js';
import type { RedoOptions, RedoReport } from '../operations.js';
import { redo } from './redo.js';
import { reset } from './reset.js';

const WHO = { actor: 'jane', reason: 'wider' } as const;
const [a, b, c] = [counting('_0001__a'), counting('_0002__b'), counting('_0003__c')];

const redoing = (
  { engine, parts }: Instance,
  id: string,
  options: Partial<RedoOptions> = {},
): Promise<RedoReport> => redo(engine, parts, id, { ...WHO, ...options });

/** In an environment that may be thrown away. */
const at = ({ parts }: World, changes: readonly Change[], more: Partial<InstanceParts> = {}): Instance =>
  instance({ ...parts, changes, disposable: true, ...more });

/** A change that was edited since: it does one thing more. */
const edited = (name: string, parts: Partial<Change> = {}): Change =>
  counting(name, {
    apply: asking<[MemoryValues]>([MemoryValues], ([there]) => {
      there.set(name, Number(there.get(name) ?? 0) + 1);
      there.set('edited', true);
    }),
    ...parts,
  });

const values = ({ values: database }: World): readonly unknown[] => [...database.contents().values.values()];

describe.each(['shared', 'separate', 'plain'] as const)('redoing: %s', (kind) => {
  test('undoes the change and those above it, and applies them again as they are now', async () => {
    const made = world(kind, []);
    await at(made, [a, b, c]).start();
    await expect(redoing(at(made, [a, edited('_0002__b'), c]), 'b')).resolves.toMatchObject({
      undone: [{ id: 'c' }, { id: 'b' }],
      applied: [{ id: 'b' }, { id: 'c' }],
    });
    expect(values(made)).toEqual([1, 1, 1, true]);
    const story = (await storyOf(made.ledger)).map((line) => line.split(':').slice(0, 2).join(':'));
    expect(story.filter((line) => !line.endsWith('STARTED')).slice(3)).toEqual([
      'c:UNDONE',
      'b:UNDONE',
      'b:APPLIED',
      'c:APPLIED',
    ]);
    await expect(at(made, [a, edited('_0002__b'), c]).start()).resolves.toMatchObject({
      outcome: 'up-to-date',
    });
  });

  const deaths = [
    ['after the undo is announced', 'STARTED', 'after'],
    ['before the undo is recorded', 'UNDONE', 'before'],
    ['after the undo is recorded', 'UNDONE', 'after'],
    ['before it is applied again', 'APPLIED', 'before'],
    ['after it is applied again', 'APPLIED', 'after'],
  ] as const;
  // In a shared transaction the record is a part of what is done.
  test.each(deaths.filter(([, state]) => kind !== 'shared' || state === 'STARTED'))(
    'whose process dies %s goes on when it is repeated',
    async (_when, state, when) => {
      const made = world(kind, []);
      const verify = asking([], () =>
        made.values.contents().values.get('_0001__a') === 1 ? 'APPLIED' : 'NOT_APPLIED',
      );
      const known = edited('_0001__a', { verify });
      await at(made, [a]).start();
      await new Promise<void>((died) => {
        const store = dyingAt(memoryAuditStore(made.ledger), state, when, died);
        void redoing(at(made, [known], { store, leaseMs: LEASE_MS }), 'a').catch(() => undefined);
      });
      await expect(redoing(at(made, [known]), 'a')).resolves.toMatchObject({ applied: [{ id: 'a' }] });
      expect(values(made)).toEqual([1, true]);
      await expect(at(made, [known]).start()).resolves.toMatchObject({ outcome: 'up-to-date' });
    },
  );
});

describe('a redo', () => {
  test('of a change whose revision was raised is what a revision is raised for', async () => {
    const made = world('separate', []);
    await at(made, [counting('_0001__a', { revision: '1' }), b]).start();
    const raised = counting('_0001__a', { revision: '2' });
    await expect(at(made, [raised, b]).start()).rejects.toMatchObject({ code: 'FLG_CHANGE_EDITED' });
    await expect(redoing(at(made, [raised, b]), 'b')).rejects.toMatchObject({ code: 'FLG_CHANGE_EDITED' });
    await redoing(at(made, [raised, b]), 'a');
    await expect(at(made, [raised, b]).start()).resolves.toMatchObject({ outcome: 'up-to-date' });
  });

  test('of a change that came below applied ones puts it in its place', async () => {
    const made = world('separate', []);
    await at(made, [a, c]).start();
    await expect(at(made, [a, b, c]).start()).rejects.toMatchObject({ code: 'FLG_OUT_OF_ORDER' });
    await expect(redoing(at(made, [a, b, c]), 'b')).resolves.toMatchObject({
      undone: [{ id: 'c' }],
      applied: [{ id: 'b' }, { id: 'c' }],
    });
  });

  test('goes no further than what was applied before', async () => {
    const made = world('separate', []);
    await at(made, [a, b]).start();
    await expect(redoing(at(made, [a, b, c]), 'b')).resolves.toMatchObject({ applied: [{ id: 'b' }] });
  });

  test('that fails holds what is above; the same redo goes on after the next edit', async () => {
    const made = world('separate', []);
    await at(made, [a, b, c]).start();
    const broken = counting('_0002__b', {
      apply: asking([], () => {
        throw new Error('a typing error');
      }),
    });
    await expect(redoing(at(made, [a, broken, c]), 'b')).rejects.toMatchObject({ code: 'FLG_CHANGE_FAILED' });
    await expect(at(made, [a, broken, c]).start()).rejects.toMatchObject({ code: 'FLG_CHANGE_HELD' });
    await expect(redoing(at(made, [a, b, c]), 'b')).resolves.toMatchObject({
      undone: [],
      applied: [{ id: 'b' }, { id: 'c' }],
    });
    expect(values(made)).toEqual([1, 1, 1]);
  });

  test('begins a resumable change at its beginning', async () => {
    const ledger = new MemoryDatabase();
    const seen: unknown[] = [];
    const resumable = plain(
      async ({ checkpoint }) => {
        seen.push(await checkpoint.load());
        await checkpoint.save(7);
      },
      {
        transactional: false,
        resumable: true,
        targetSystem: 'system',
        rollback: asking([], () => undefined),
      },
    );
    const one = instance({
      store: memoryAuditStore(ledger),
      targets: { system: plainTarget([]) },
      changes: [resumable],
      disposable: true,
    });
    await one.start();
    await redoing(one, 'a');
    expect(seen).toEqual([undefined, undefined]);
  });
});

describe('what is refused before anything is undone', () => {
  const refused = async (
    changes: readonly Change[],
    id: string,
    parts: Partial<InstanceParts> = {},
    options: Partial<RedoOptions> = {},
  ): Promise<unknown> => {
    const made = world('separate', []);
    await at(made, [a, b]).start();
    const error = await redoing(at(made, changes, parts), id, options).catch((thrown: unknown) => thrown);
    expect(values(made)).toEqual([1, 1]);
    return error;
  };

  test('in an environment that is not disposable', async () => {
    expect(await refused([a, b], 'b', { disposable: false })).toMatchObject({
      code: 'FLG_NOT_DISPOSABLE',
      message: expect.stringContaining("'test'"),
    });
  });

  test('a change without rollback: the way out is a reset', async () => {
    expect(await refused([a, { ...b, rollback: undefined }], 'a')).toMatchObject({
      code: 'FLG_UNDO_REFUSED',
      message: expect.stringMatching(/_0002__b.* has no rollback[^]*flamingock dev reset/),
    });
  });

  test('a change that is not declared, and one that only another release declares', async () => {
    expect(await refused([a, b], 'x')).toMatchObject({ code: 'FLG_UNDO_REFUSED' });
    expect(await refused([a], 'a')).toMatchObject({ code: 'FLG_CHANGE_UNKNOWN' });
  });

  test('others than the person was shown', async () => {
    expect(await refused([a, b], 'a', {}, { expected: ['a'] })).toMatchObject({ code: 'FLG_UNDO_REFUSED' });
  });

  test('something else to apply than there was when it was shown', async () => {
    const made = world('separate', []);
    await at(made, [a, b]).start();
    await undoing(at(made, [a, b]), { downTo: 'b' });
    const store = wrappedStore(made.parts.store, (inner) => ({
      openSession: async () => {
        // Somebody else is faster: the change below is gone by then.
        await undoing(at(made, [a, b]), { downTo: 'a' });
        return inner.openSession();
      },
    }));
    await expect(redoing(at(made, [a, b], { store, outOfOrder: true }), 'b')).rejects.toMatchObject({
      code: 'FLG_CHANGE_HELD',
    });
    const anew = wrappedStore(made.parts.store, (inner) => ({
      openSession: async () => {
        const other = at(made, [a, b]);
        made.values.commit({ fences: new Map(), values: new Map() });
        await reset(other.engine, other.parts.changes, WHO);
        return inner.openSession();
      },
    }));
    await at(made, [a, b], { by: 'cli' }).start();
    await undoing(at(made, [a, b]), { last: true });
    await expect(redoing(at(made, [a, b], { store: anew }), 'b')).rejects.toMatchObject({
      code: 'FLG_UNDO_REFUSED',
      message: expect.stringContaining('has changed since'),
    });
    expect(values(made)).toEqual([]);
  });

  test('a change below that was undone on purpose', async () => {
    const made = world('separate', []);
    await at(made, [a, b]).start();
    await undoing(at(made, [a, b]), { downTo: 'a' });
    await expect(redoing(at(made, [a, b]), 'b')).rejects.toMatchObject({ code: 'FLG_CHANGE_HELD' });
  });

  test('a change whose outcome nobody knows', async () => {
    const made = world('separate', []);
    const unknown = plain(
      () => {
        throw new Error('who knows');
      },
      { targetSystem: 'system' },
    );
    const targets = { ...made.parts.targets, system: plainTarget([]) };
    await at(made, [unknown], { targets })
      .start()
      .catch(() => undefined);
    await expect(redoing(at(made, [unknown], { targets }), 'a')).rejects.toMatchObject({
      code: 'FLG_UNDO_REFUSED',
      message: expect.stringContaining('has no rollback'),
    });
    const open = { ...unknown, rollback: asking([], () => undefined) };
    await expect(redoing(at(made, [open], { targets }), 'a')).rejects.toMatchObject({
      code: 'FLG_ISSUE_OPEN',
    });
    await expect(redoing(at(made, [open, b], { targets }), 'b')).rejects.toMatchObject({
      code: 'FLG_UNDO_REFUSED',
      message: expect.stringContaining('is not known'),
    });
  });

  test('without a person, a reason or a list of ids', async () => {
    expect(await refused([a, b], 'b', {}, { actor: '', expected: 'b' as never })).toMatchObject({
      code: 'FLG_OPTION_INVALID',
      message: expect.stringMatching(/expected must be a list of ids; actor is missing/),
    });
  });
});
