import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { changeOf } from '../../test/change-of.js';
import { asking, instance, KEY, storyOf } from '../../test/instance.js';
import { wrappedStore } from '../../test/wrapped-store.js';
import type { Change } from '../change/change.js';
import type { AuditStore } from '../ledger/audit-store.js';
import { verifyChain } from '../ledger/chain.js';
import { MemoryDatabase } from '../memory/memory-database.js';
import { viewOf } from '../ledger/ledger-view.js';
import { memoryAuditStore } from '../memory/memory-store.js';
import { memoryTarget, MemoryValues } from '../memory/memory-target.js';
import { takeTurn } from './take-turn.js';

/** Appends its own id to the list of effects in the target. */
function effect(name: string, parts: Partial<Change> = {}, before: () => unknown = () => undefined): Change {
  const { id } = changeOf(name);
  const apply = asking<[MemoryValues]>([MemoryValues], async ([values]) => {
    values.set('effects', [...effectsOf(values), id]);
    await before();
  });
  return changeOf(name, { apply, ...parts });
}

const effectsOf = (values: Pick<MemoryValues, 'get'>): readonly string[] =>
  (values.get('effects') ?? []) as readonly string[];
const effects = (database: MemoryDatabase): readonly string[] => effectsOf(database.contents().values);

/** Counts what is sent to the store. */
function counting(store: AuditStore): { store: AuditStore; calls: string[] } {
  const calls: string[] = [];
  const counted = new Proxy(store, {
    get: (inner, name, receiver) => {
      const value: unknown = Reflect.get(inner, name, receiver);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        calls.push(String(name));
        return Reflect.apply(value, inner, args);
      };
    },
  });
  return { store: counted, calls };
}

describe.each([
  ["a ledger in the target's own database", true],
  ['a ledger of its own', false],
])('with %s', (_where, shared) => {
  const databases = (): { ledger: MemoryDatabase; target: MemoryDatabase } => {
    const ledger = new MemoryDatabase();
    return { ledger, target: shared ? ledger : new MemoryDatabase() };
  };

  test('everything pending is applied once and in order', async () => {
    const { ledger, target } = databases();
    const changes = [effect('_0001__a'), effect('_0002__b'), effect('_0010__c')];
    const parts = { store: memoryAuditStore(ledger), targets: { db: memoryTarget(target) }, changes };
    expect(await instance(parts).start()).toMatchObject({
      outcome: 'applied',
      total: 3,
      applied: [{ id: 'a' }, { id: 'b' }, { id: 'c' }],
    });
    expect(await instance(parts).start()).toMatchObject({ outcome: 'up-to-date', total: 3, applied: [] });
    expect(effects(target)).toEqual(['a', 'b', 'c']);
    const { entries, lock } = await parts.store.read(KEY, 0);
    expect(verifyChain(entries)).toEqual({ intact: true });
    expect(lock).toBeUndefined();
  });

  test('a start with nothing pending sends one read and nothing else', async () => {
    const { ledger, target } = databases();
    const parts = { targets: { db: memoryTarget(target) }, changes: [effect('_0001__a')] };
    await instance({ ...parts, store: memoryAuditStore(ledger) }).start();
    const { store, calls } = counting(memoryAuditStore(ledger));
    await instance({ ...parts, store }).start();
    expect(calls).toEqual(['read']);
  });

  test('a failed change leaves nothing, stops the start, and is tried again by the next one', async () => {
    const { ledger, target } = databases();
    let broken = true;
    const fail = (): void => {
      if (broken) throw new RangeError('no such column');
    };
    const changes = [effect('_0001__a'), effect('_0002__b', {}, fail), effect('_0003__c')];
    const parts = { store: memoryAuditStore(ledger), targets: { db: memoryTarget(target) }, changes };
    await expect(instance(parts).start()).rejects.toMatchObject({
      code: 'FLG_CHANGE_FAILED',
      message: expect.stringMatching(
        /_0002__b[^]*RangeError: no such column[^]*applied: _0001__a\n[^]*not run: _0003__c\n[^]*holds nothing/,
      ),
    });
    expect(effects(target)).toEqual(['a']);
    broken = false;
    expect(await instance(parts).start()).toMatchObject({ applied: [{ id: 'b' }, { id: 'c' }] });
    expect(effects(target)).toEqual(['a', 'b', 'c']);
    expect((await storyOf(ledger)).filter((line) => !line.includes('STARTED'))).toEqual([
      'a:APPLIED:transaction',
      'b:FAILED:transaction',
      'b:APPLIED:transaction',
      'c:APPLIED:transaction',
    ]);
  });

  test('of several instances one applies, and the others wait and go on', async () => {
    const { ledger, target } = databases();
    const changes = [effect('_0001__a', {}, () => sleep(150)), effect('_0002__b', {}, () => sleep(150))];
    const fleet = Array.from({ length: 5 }, () =>
      instance({ store: memoryAuditStore(ledger), targets: { db: memoryTarget(target) }, changes }),
    );
    const reports = await Promise.all(fleet.map((one) => one.start()));
    expect(reports.map((report) => report.outcome).sort()).toEqual([
      'applied',
      'waited',
      'waited',
      'waited',
      'waited',
    ]);
    expect(effects(target)).toEqual(['a', 'b']);
    const waiting = fleet.flatMap((one) => one.events).filter((event) => event.type === 'waiting');
    expect(waiting.length).toBeGreaterThanOrEqual(1);
    expect(waiting[0]).toMatchObject({ holder: { host: 'host' } });
  });

  test('a broken change is tried once, and all who waited fail with the same reason', async () => {
    const { ledger, target } = databases();
    let attempts = 0;
    const fail = async (): Promise<void> => {
      attempts += 1;
      await sleep(300);
      throw new Error('broken for everybody');
    };
    const changes = [effect('_0001__a', {}, fail)];
    const fleet = Array.from({ length: 5 }, () =>
      instance({ store: memoryAuditStore(ledger), targets: { db: memoryTarget(target) }, changes }),
    );
    const results = await Promise.allSettled(fleet.map((one) => one.start()));
    expect(
      results.map((result) => result.status === 'rejected' && (result.reason as { code: string }).code),
    ).toEqual(Array.from({ length: 5 }, () => 'FLG_CHANGE_FAILED'));
    expect(attempts).toBe(1);
  });

  test('a holder that lost the lock writes nothing more', async () => {
    const { ledger, target } = databases();
    const deaf = wrappedStore(
      memoryAuditStore(ledger),
      (store) => ({ capabilities: { ...store.capabilities, singleConnection: false } }),
      () => ({ renew: () => Promise.reject(new Error('the network is gone')) }),
    );
    const changes = [effect('_0001__a', {}, () => sleep(400))];
    const stalled = instance({ store: deaf, targets: { db: memoryTarget(target) }, changes, leaseMs: 120 });
    await expect(stalled.start()).rejects.toMatchObject({ code: 'FLG_LOCK_LOST' });
    expect(effects(target)).toEqual([]);
    expect((await storyOf(ledger)).filter((line) => !line.includes('STARTED'))).toEqual([]);
  });

  test('a closed instance starts no further change', async () => {
    const { ledger, target } = databases();
    const parts = { store: memoryAuditStore(ledger), targets: { db: memoryTarget(target) } };
    const one = instance({
      ...parts,
      changes: [
        effect('_0001__a', {}, () => {
          one.close();
        }),
        effect('_0002__b'),
      ],
    });
    await expect(one.start()).rejects.toMatchObject({ code: 'FLG_CLOSED' });
    expect(effects(target)).toEqual(['a']);
    expect((await parts.store.read(KEY, 0)).lock).toBeUndefined();
  });
});

test('a long sequence of changes that leave the event loop no turn keeps its lock', async () => {
  const blocking = (): void => {
    const until = performance.now() + 20;
    while (performance.now() < until);
  };
  const changes = Array.from({ length: 20 }, (_, index) => effect(`_${index + 1}__${index}`, {}, blocking));
  const store = memoryAuditStore();
  const one = instance({ store, targets: { db: memoryTarget() }, changes, leaseMs: 150 });
  await expect(one.start()).resolves.toMatchObject({ total: 20 });
});

async function untilLocked(store: AuditStore): Promise<void> {
  while ((await store.read(KEY, 0)).lock === undefined) await sleep(1);
}

test('whoever waits for another release is refused what that one has applied, as any start is', async () => {
  const store = memoryAuditStore();
  const targets = { db: memoryTarget() };
  const slow = (name: string): Change => effect(name, {}, () => sleep(50));
  const ahead = instance({ store, targets, changes: ['_0001__a', '_0002__b', '_0003__c'].map(slow) });
  const other = instance({ store, targets, changes: ['_0001__a', '_0003__c'].map(slow) });
  const applying = ahead.start();
  await untilLocked(store);
  await expect(other.start()).rejects.toMatchObject({ code: 'FLG_CHANGE_UNKNOWN' });
  await expect(applying).resolves.toMatchObject({ outcome: 'applied' });
});

test("an instance does not give back its run's lock with that of a second turn", async () => {
  const store = memoryAuditStore();
  const targets = { db: memoryTarget() };
  const { engine, start } = instance({ store, targets, changes: [effect('_0001__a', {}, () => sleep(200))] });
  const run = start();
  await untilLocked(store);
  const { lock } = await store.read(KEY, 0);
  await expect(
    takeTurn(engine, viewOf(await store.read(KEY, 0)), { look: () => true, onWait: () => undefined }),
  ).resolves.toBeUndefined();
  expect(lock?.owner).toContain(engine.instance.instanceId);
  await expect(run).resolves.toMatchObject({ outcome: 'applied' });
});

describe('before anything runs', () => {
  const changes = [effect('_0001__a')];

  test('an environment without a ledger is refused while the service has one under another name', async () => {
    const ledger = new MemoryDatabase();
    const parts = { store: memoryAuditStore(ledger), targets: { db: memoryTarget() }, changes };
    await instance({ ...parts, environment: 'production' }).start();
    await expect(instance({ ...parts, environment: 'prodution' }).start()).rejects.toMatchObject({
      code: 'FLG_ENVIRONMENT_UNLISTED',
    });
    await expect(
      instance({
        ...parts,
        targets: { db: memoryTarget() },
        environment: 'green',
        environments: ['green'],
      }).start(),
    ).resolves.toMatchObject({ outcome: 'applied' });
  });

  test("the first ledger of a tenant is refused in an environment that none of the service's tenants knows", async () => {
    const parts = { store: memoryAuditStore(), changes };
    const start = (environment: string, tenant: string) =>
      instance({ ...parts, targets: { db: memoryTarget() }, environment, tenant }).start();
    await start('production', 'acme');
    await expect(start('prodution', 'globex')).rejects.toMatchObject({ code: 'FLG_ENVIRONMENT_UNLISTED' });
    await expect(start('production', 'globex')).resolves.toMatchObject({ outcome: 'applied' });
  });

  test('a store that does not answer is an error within its time limit', async () => {
    const store = { ...memoryAuditStore(), read: () => new Promise<never>(() => undefined) };
    await expect(
      instance({ store, targets: { db: memoryTarget() }, changes, storeTimeoutMs: 50 }).start(),
    ).rejects.toMatchObject({
      code: 'FLG_STORE_UNREACHABLE',
    });
  });

  test('a store that fails is an error without what its driver attached', async () => {
    const failure = Object.assign(new Error('connect ECONNREFUSED'), { parameters: ['hunter2'] });
    const store = { ...memoryAuditStore(), read: () => Promise.reject(failure) };
    const error: unknown = await instance({ store, targets: { db: memoryTarget() }, changes })
      .start()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'FLG_STORE_UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    expect(error).not.toHaveProperty('cause');
  });

  test('a session that opens too late is closed again', async () => {
    let closed = 0;
    const store = wrappedStore(
      memoryAuditStore(),
      (inner) => ({ openSession: () => sleep(150).then(() => inner.openSession()) }),
      (session) => ({
        close: () => {
          closed += 1;
          return session.close();
        },
      }),
    );
    const impatient = instance({ store, targets: { db: memoryTarget() }, changes, storeTimeoutMs: 50 });
    await expect(impatient.start()).rejects.toMatchObject({ code: 'FLG_STORE_UNREACHABLE' });
    await sleep(200);
    expect(closed).toBe(1);
  });

  test('a lock that is never free ends the wait in time', async () => {
    const ledger = new MemoryDatabase();
    const store = memoryAuditStore(ledger);
    const session = await store.openSession();
    await session.acquire(KEY, { owner: 'other', host: 'elsewhere', processId: 7, leaseMs: 60_000 });
    const waiting = instance({ store, targets: { db: memoryTarget() }, changes, waitMs: 200 });
    await expect(waiting.start()).rejects.toMatchObject({
      code: 'FLG_LOCK_NOT_OBTAINED',
      message: expect.stringContaining('process 7 on elsewhere'),
    });
  });
});
