import { describe, expect, test } from '@jest/globals';
import { changeOf } from '../../test/change-of.js';
import { asking, instance, type InstanceParts, storyOf } from '../../test/instance.js';
import type { Change } from '../change/change.js';
import { MemoryDatabase } from '../memory/memory-database.js';
import { memoryAuditStore } from '../memory/memory-store.js';
import { memoryTarget, MemoryValues } from '../memory/memory-target.js';

const effect = (name: string, parts: Partial<Change> = {}): Change => {
  const { id } = changeOf(name);
  const apply = asking<[MemoryValues]>([MemoryValues], ([values]) => {
    values.set('effects', [...((values.get('effects') as string[] | undefined) ?? []), id]);
  });
  return changeOf(name, { apply, ...parts });
};

/** One database, and what ran in it. */
function system(): {
  parts: (changes: readonly Change[], more?: Partial<InstanceParts>) => InstanceParts;
  effects: () => unknown;
  story: () => Promise<readonly string[]>;
  ledgerIsEmpty: () => boolean;
} {
  const database = new MemoryDatabase();
  const targets = { db: memoryTarget(database) };
  return {
    parts: (changes, more = {}) => ({ store: memoryAuditStore(database), targets, changes, ...more }),
    effects: () => database.contents().values.get('effects') ?? [],
    story: () => storyOf(database),
    ledgerIsEmpty: () => database.contents().ledgers.size === 0,
  };
}

describe('the mode validate', () => {
  test('refuses to start while anything is pending, and leaves no trace', async () => {
    const { parts, effects, ledgerIsEmpty } = system();
    const changes = [effect('_0001__a'), effect('_0002__b')];
    await expect(instance(parts(changes, { mode: 'validate' })).start()).rejects.toMatchObject({
      code: 'FLG_CHANGES_PENDING',
      message: expect.stringContaining('_0001__a, _0002__b'),
    });
    expect([effects(), ledgerIsEmpty()]).toEqual([[], true]);
  });

  test('starts when everything is applied', async () => {
    const { parts } = system();
    const changes = [effect('_0001__a')];
    await instance(parts(changes)).start();
    await expect(instance(parts(changes, { mode: 'validate' })).start()).resolves.toMatchObject({
      outcome: 'up-to-date',
    });
  });
});

describe('the mode wait', () => {
  test('goes on when somebody else has applied everything, without ever having the lock', async () => {
    const { parts, effects, ledgerIsEmpty } = system();
    const changes = [effect('_0001__a'), effect('_0002__b')];
    const waiting = instance(parts(changes, { mode: 'wait' }));
    const run = waiting.start();
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(ledgerIsEmpty()).toBe(true);
    expect(waiting.events).toContainEqual({ type: 'waiting', holder: undefined, applied: 0, pending: 2 });
    await instance(parts(changes)).start();
    await expect(run).resolves.toMatchObject({ outcome: 'waited', applied: [], total: 2 });
    expect(effects()).toEqual(['a', 'b']);
    expect(waiting.events.some(({ type }) => type === 'lock-acquired')).toBe(false);
  });

  test('fails with the instance that tried', async () => {
    const { parts } = system();
    const broken = changeOf('_0001__a', {
      apply: asking<[MemoryValues]>([MemoryValues], () => Promise.reject(new Error('no such column'))),
    });
    const run = instance(parts([broken], { mode: 'wait' })).start();
    await expect(instance(parts([broken])).start()).rejects.toMatchObject({ code: 'FLG_CHANGE_FAILED' });
    await expect(run).rejects.toMatchObject({
      code: 'FLG_CHANGE_FAILED',
      message: expect.stringContaining('no such column'),
    });
  });

  test('waits no longer than it may', async () => {
    const { parts } = system();
    const waiting = instance(parts([effect('_0001__a')], { mode: 'wait', waitMs: 100 }));
    await expect(waiting.start()).rejects.toMatchObject({ code: 'FLG_CHANGES_PENDING' });
  });
});

describe('a change that is reserved for the command line', () => {
  const changes = [effect('_0001__a'), effect('_0002__backfill', { runBy: 'cli' }), effect('_0003__c')];

  test('is where a start stops: what is before it is applied, nothing of it or after it', async () => {
    const { parts, effects, story } = system();
    await expect(instance(parts(changes)).start()).rejects.toMatchObject({
      code: 'FLG_CHANGE_RESERVED',
      hint: expect.stringContaining('flamingock apply'),
    });
    expect(effects()).toEqual(['a']);
    const next = instance(parts(changes));
    await expect(next.start()).rejects.toMatchObject({ code: 'FLG_CHANGE_RESERVED' });
    expect(next.events).toEqual([]);
    expect(await story()).toEqual(['a:APPLIED:transaction']);
  });

  test('is applied by the command line, and then a start goes on', async () => {
    const { parts, effects } = system();
    await instance(parts(changes.slice(0, 2), { by: 'cli' })).start();
    await instance(parts(changes)).start();
    expect(effects()).toEqual(['a', 'backfill', 'c']);
  });

  test('does not end the wait of an instance that only waits', async () => {
    const { parts } = system();
    const run = instance(parts(changes, { mode: 'wait' })).start();
    await expect(instance(parts(changes)).start()).rejects.toMatchObject({ code: 'FLG_CHANGE_RESERVED' });
    await instance(parts(changes, { by: 'cli' })).start();
    await expect(run).resolves.toMatchObject({ outcome: 'waited' });
  });
});

describe('a change that is restricted to other environments', () => {
  const restricted = effect('_0002__b', { environments: ['production'] });
  const all = [effect('_0001__a'), restricted, effect('_0003__c')];

  test('is skipped and recorded once, and the sequence goes on', async () => {
    const { parts, effects, story } = system();
    await instance(parts(all)).start();
    await instance(parts([...all, effect('_0004__d')])).start();
    expect(effects()).toEqual(['a', 'c', 'd']);
    expect(await story()).toEqual([
      'b:SKIPPED:none',
      'a:APPLIED:transaction',
      'c:APPLIED:transaction',
      'd:APPLIED:transaction',
    ]);
  });

  test('runs where it belongs', async () => {
    const { parts, effects } = system();
    await instance(parts(all, { environment: 'production' })).start();
    expect(effects()).toEqual(['a', 'b', 'c']);
  });

  test('is new once the restriction is lifted, and then stands out of order', async () => {
    const { parts, effects } = system();
    await instance(parts(all)).start();
    const lifted = [all[0], effect('_0002__b'), all[2]] as Change[];
    await expect(instance(parts(lifted)).start()).rejects.toMatchObject({ code: 'FLG_OUT_OF_ORDER' });
    await instance(parts(lifted, { outOfOrder: true })).start();
    expect(effects()).toEqual(['a', 'c', 'b']);
  });

  test('with nothing else pending needs neither the lock nor a run', async () => {
    const { parts, ledgerIsEmpty } = system();
    await expect(instance(parts([restricted])).start()).resolves.toMatchObject({ outcome: 'up-to-date' });
    expect(ledgerIsEmpty()).toBe(true);
  });
});
