import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { type DefinedChange, defineChange } from './change/define-change.js';
import { createFlamingock } from './create-flamingock.js';
import type { CloseOptions, Flamingock } from './flamingock.js';
import type { AuditStore } from './ledger/audit-store.js';
import { memoryAuditStore } from './memory/memory-store.js';
import { memoryTarget } from './memory/memory-target.js';
import type { FlamingockOptions } from './options.js';

/** A change without a transaction, which ends when it is told to stop and not before. */
const endless = (more: Partial<Parameters<typeof defineChange>[0]> = {}): DefinedChange =>
  defineChange({
    id: 'endless',
    name: '_0001__Endless',
    targetSystem: 'db',
    transactional: false,
    apply: (_clients, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reject(signal.reason as Error);
        });
      }),
    ...more,
  });

const noting = (name: string, notes: string[]): DefinedChange =>
  defineChange({ id: name.slice(7), name, targetSystem: 'db', apply: () => void notes.push(name) });

function engine(parts: Partial<FlamingockOptions>): Flamingock {
  return createFlamingock({
    service: 'orders',
    environment: 'test',
    auditStore: memoryAuditStore(),
    targets: { db: memoryTarget() },
    changes: [endless()],
    logger: false,
    ...parts,
  });
}

/** Fails the test by whatever is asked of it. */
const untouchable = <T extends object>(part: T, kept: readonly PropertyKey[]): T =>
  new Proxy(part, {
    get: (target, name, receiver) => {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value !== 'function' || kept.includes(name)) return value;
      return () => {
        throw new Error(`${String(name)}() was called`);
      };
    },
  });

describe('the option mode', () => {
  test('off: neither the store nor a target is asked, and the application may start', async () => {
    const auditStore: AuditStore = untouchable(memoryAuditStore(), []);
    const flamingock = engine({
      mode: 'off',
      auditStore,
      targets: { db: untouchable(memoryTarget(), ['supplies']) },
    });
    await expect(flamingock.run()).resolves.toMatchObject({ outcome: 'off', applied: [], total: 0 });
    await expect(engine({ auditStore }).run()).rejects.toMatchObject({ code: 'FLG_STORE_UNREACHABLE' });
  });

  test('validate: refuses to start', async () => {
    await expect(engine({ mode: 'validate' }).run()).rejects.toMatchObject({ code: 'FLG_CHANGES_PENDING' });
  });

  test('wait: is as patient as lock.waitMs', async () => {
    const waiting = engine({ mode: 'wait', lock: { waitMs: 100 } });
    await expect(waiting.run()).rejects.toMatchObject({ code: 'FLG_CHANGES_PENDING' });
  });
});

test('outOfOrder: a change below an applied one is refused, unless it is allowed', async () => {
  const notes: string[] = [];
  const parts = { auditStore: memoryAuditStore(), targets: { db: memoryTarget() } };
  await engine({ ...parts, changes: [noting('_0002__b', notes)] }).run();
  const changes = [noting('_0001__a', notes), noting('_0002__b', notes)];
  await expect(engine({ ...parts, changes }).run()).rejects.toMatchObject({ code: 'FLG_OUT_OF_ORDER' });
  await engine({ ...parts, changes, outOfOrder: 'allow' }).run();
  expect(notes).toEqual(['_0002__b', '_0001__a']);
});

describe('a change that does not end is stopped', () => {
  const stopped = async (flamingock: Flamingock): Promise<string | undefined> => {
    await expect(flamingock.run()).rejects.toMatchObject({ code: 'FLG_ISSUE_OPEN' });
    return (await flamingock.issues())[0]?.error?.code;
  };

  test('by the option runDeadlineMs', async () => {
    expect(await stopped(engine({ runDeadlineMs: 300 }))).toBe('FLG_DEADLINE');
  });

  test('by its own deadlineMs', async () => {
    expect(await stopped(engine({ changes: [endless({ deadlineMs: 300 })] }))).toBe('FLG_DEADLINE');
  });

  // Its own deadline comes first wherever a grace period is not the one that was asked for.
  test.each<[string, Partial<FlamingockOptions>, CloseOptions]>([
    ['by close(), after the option shutdownGraceMs', { shutdownGraceMs: 50 }, {}],
    ['by close(), after the time that it is given', { shutdownGraceMs: 600_000 }, { graceMs: 50 }],
  ])('%s', async (_how, parts, grace) => {
    const auditStore = memoryAuditStore();
    const flamingock = engine({ ...parts, auditStore, changes: [endless({ deadlineMs: 5000 })] });
    flamingock.subscribe(({ type }) => {
      if (type === 'change-started') void flamingock.close(grace);
    });
    await expect(flamingock.run()).rejects.toMatchObject({ code: 'FLG_ISSUE_OPEN' });
    expect((await engine({ auditStore }).issues())[0]?.error?.code).toBe('FLG_CLOSED');
  });

  test('and given up after the option abortGraceMs, where it ignores that', async () => {
    const deaf = endless({ apply: () => sleep(3000, undefined, { ref: false }) });
    const flamingock = engine({ changes: [deaf], runDeadlineMs: 300, abortGraceMs: 50 });
    await expect(flamingock.run()).rejects.toMatchObject({ message: expect.stringContaining('ignored') });
  });
});
