import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { KEY } from '../../test/instance.js';
import { wrappedStore } from '../../test/wrapped-store.js';
import type { AuditSession } from '../ledger/audit-store.js';
import { MemoryDatabase } from '../memory/memory-database.js';
import { memoryAuditStore } from '../memory/memory-store.js';
import { Lease } from './lease.js';
import { systemTime, type Time } from '../time.js';

const LEASE_MS = 120;
const request = { owner: 'me', host: 'host', processId: 1, leaseMs: LEASE_MS };
const held: Lease[] = [];

async function take(
  database: MemoryDatabase,
  overrides: (session: AuditSession) => Partial<AuditSession> = () => ({}),
  { leaseMs = LEASE_MS, time = systemTime }: { leaseMs?: number; time?: Time } = {},
): Promise<Lease> {
  const session = await wrappedStore(memoryAuditStore(database), () => ({}), overrides).openSession();
  const sentAt = systemTime.clocks();
  const grant = await session.acquire(KEY, { ...request, leaseMs });
  if (grant === undefined) throw new Error('not granted');
  const lease = new Lease(
    session,
    { key: KEY, request: { ...request, leaseMs }, renewMs: leaseMs / 3, time },
    grant,
    sentAt,
  );
  held.push(lease);
  return lease;
}

afterEach(() => {
  for (const lease of held.splice(0)) lease.abandon();
  jest.restoreAllMocks();
});

describe('a lease', () => {
  test('is kept by renewals for much longer than it lasts', async () => {
    const database = new MemoryDatabase();
    const lease = await take(database);
    await sleep(LEASE_MS * 3);
    expect(() => {
      lease.assertHeld();
    }).not.toThrow();
    expect(database.ledger(KEY).lock?.expiresAt).toBeGreaterThan(Date.now());
  });

  test('tells the store the highest sequence with each renewal', async () => {
    const database = new MemoryDatabase();
    const lease = await take(database);
    lease.wrote(7);
    await lease.renew();
    expect(database.ledger(KEY).highestSequence).toBe(7);
  });

  test.each<[string, () => Promise<never>]>([
    ['that fails', () => Promise.reject(new Error('down'))],
    ['that never answers', () => new Promise<never>(() => undefined)],
  ])('is given up before it expires with a store %s', async (_which, renew) => {
    const database = new MemoryDatabase();
    // Long enough that a busy machine does not run the timer only after the expiry.
    const lease = await take(database, () => ({ renew }), { leaseMs: 3000 });
    await new Promise((resolve) => {
      lease.signal.addEventListener('abort', resolve);
    });
    expect(database.ledger(KEY).lock?.expiresAt).toBeGreaterThan(Date.now());
    expect(lease.signal.reason).toMatchObject({ code: 'FLG_LOCK_LOST' });
  });

  test('is lost as soon as a renewal finds another holder', async () => {
    const lease = await take(new MemoryDatabase(), () => ({ renew: () => Promise.resolve(undefined) }));
    await expect(lease.renew()).rejects.toMatchObject({ code: 'FLG_LOCK_LOST' });
    expect(() => {
      lease.assertHeld();
    }).toThrow('FLG_LOCK_LOST');
  });

  test.each<[string, 'monotonic' | 'wall']>([
    ['the machine was suspended, which only the wall clock shows', 'wall'],
    ['the wall clock was set back, which only the monotonic clock survives', 'monotonic'],
  ])('is lost when %s', async (_when, clock) => {
    const lease = await take(new MemoryDatabase(), () => ({
      renew: () => new Promise<never>(() => undefined),
    }));
    const wall = Date.now();
    const monotonic = performance.now();
    jest.spyOn(Date, 'now').mockReturnValue(clock === 'wall' ? wall + LEASE_MS : wall - 3_600_000);
    jest.spyOn(performance, 'now').mockReturnValue(clock === 'wall' ? monotonic : monotonic + LEASE_MS);
    expect(() => {
      lease.assertHeld();
    }).toThrow('FLG_LOCK_LOST');
  });

  test.each([
    ['nobody took it over: it is renewed', false],
    ['another instance took it over: it is lost', true],
  ])('is asked for once more when synchronous code held up its timers, and %s', async (_what, taken) => {
    const database = new MemoryDatabase();
    const lease = await take(database);
    const until = performance.now() + LEASE_MS * 1.2;
    while (performance.now() < until);
    if (taken) {
      const other = await memoryAuditStore(database).openSession();
      await other.acquire(KEY, { ...request, owner: 'other' });
    }
    const confirmed = lease.confirm();
    await (taken
      ? expect(confirmed).rejects.toMatchObject({ code: 'FLG_LOCK_LOST' })
      : expect(confirmed).resolves.toBeUndefined());
  });

  test('stands still while a shared transaction holds the only connection, and is renewed when that rolled back', async () => {
    const database = new MemoryDatabase();
    const lease = await take(database);
    await lease.whileSuspended(() => sleep(LEASE_MS * 2));
    expect(() => {
      lease.assertHeld();
    }).not.toThrow();
    expect(database.ledger(KEY).lock?.expiresAt).toBeGreaterThan(Date.now());
  });

  test('is lost where the shared transaction begins only after the deadline: until then it keeps nobody out', async () => {
    const lease = await take(new MemoryDatabase());
    await lease.whileSuspended(async () => {
      expect(() => {
        lease.assertBegunInTime();
      }).not.toThrow();
      await sleep(LEASE_MS);
      expect(() => {
        lease.assertBegunInTime();
      }).toThrow('FLG_LOCK_LOST');
    });
  });

  test('that another instance took over meanwhile is lost when the transaction ends', async () => {
    const database = new MemoryDatabase();
    const lease = await take(database);
    await lease.whileSuspended(async () => {
      await sleep(LEASE_MS * 1.5);
      const other = await memoryAuditStore(database).openSession();
      expect(await other.acquire(KEY, { ...request, owner: 'other' })).toMatchObject({ tookOverFrom: 'me' });
    });
    expect(() => {
      lease.assertHeld();
    }).toThrow('FLG_LOCK_LOST');
  });

  test('is given back by its release, and left to expire when it is abandoned', async () => {
    const [released, abandoned] = [new MemoryDatabase(), new MemoryDatabase()];
    await (await take(released)).release();
    (await take(abandoned)).abandon();
    expect(released.ledger(KEY).lock).toBeUndefined();
    expect(abandoned.ledger(KEY).lock).toMatchObject({ owner: 'me' });
  });

  test('watches nothing any more when a renewal is answered after its release', async () => {
    const timers = new Set<object>();
    const time: Time = {
      ...systemTime,
      after: (delayMs, callback) => {
        const timer = {};
        timers.add(timer);
        const cancel = systemTime.after(delayMs, callback);
        return () => {
          timers.delete(timer);
          cancel();
        };
      },
    };
    let answer = (): void => undefined;
    const lease = await take(
      new MemoryDatabase(),
      (session) => ({
        renew: async (...args) => {
          const grant = await session.renew(...args);
          await new Promise<void>((resolve) => {
            answer = resolve;
          });
          return grant;
        },
      }),
      { time },
    );
    const renewed = lease.renew();
    await sleep(1);
    await lease.release();
    answer();
    await renewed;
    expect(timers.size).toBe(0);
  });
});
