import assert from 'node:assert/strict';
import type { ContractCase } from '../contract-case.js';
import { patiently } from '../patiently.js';
import { same } from '../same.js';
import { auditCase, auditCaseWith, initialisedStore, withSessions } from './audit-case.js';
import type { AuditStoreHarness } from './harness.js';
import { granted, KEY, LEASE_MS, leaseOf } from './samples.js';

const HOUR_MS = 3_600_000;

/** The store's clock, by which leases end. */
export const clockCases: readonly ContractCase<AuditStoreHarness>[] = [
  auditCase('the clock is the same for all, in milliseconds, and does not go back', (database) =>
    withSessions(database, async (first, second) => {
      const store = await initialisedStore(database);
      const readings: number[] = [];
      for (let round = 0; round < 10; round += 1) {
        readings.push((await store.read(KEY, 0)).now);
        readings.push((await patiently(() => granted(first, 'a'))).now);
        readings.push((await second.read(KEY, 0)).now);
        readings.push((await patiently(() => first.renew(KEY, leaseOf('a'), 0)))?.now ?? Number.NaN);
      }
      assert.ok(readings.every(Number.isSafeInteger), 'whole milliseconds');
      same(
        readings,
        [...readings].sort((a, b) => a - b),
      );
      const apartMs = Math.abs((readings.at(-1) ?? 0) - Date.now());
      assert.ok(apartMs < 600_000, `the store's clock is ${apartMs} ms away: another unit or time zone?`);
    }),
  ),

  auditCaseWith(
    ['serverClock'],
    'a process whose clock is wrong takes and renews leases like any other',
    (database) =>
      withSessions(database, async (first, second) => {
        for (const offsetMs of [-HOUR_MS, HOUR_MS]) {
          const { now } = await granted(first, 'a');
          await withClockOffBy(offsetMs, async () => {
            assert.equal(await second.acquire(KEY, leaseOf('b')), undefined, 'the lease has not expired');
            const renewed = await first.renew(KEY, leaseOf('a'), 1);
            assert.ok(renewed !== undefined && Math.abs(renewed.now - now) < HOUR_MS / 2);
            assert.equal((await database.rawLock(KEY))?.expiresAt, renewed.now + LEASE_MS);
            await database.expireLock(KEY);
            const taken = await granted(second, 'b');
            assert.equal(taken.tookOverFrom, 'a', 'the lease has expired');
            assert.ok(Math.abs(taken.now - now) < HOUR_MS / 2);
          });
          await second.release(KEY, 'b', 1);
        }
      }),
  ),

  auditCaseWith(['timeZones'], 'connections in different time zones agree about times', async (database) => {
    const zones = ['Pacific/Auckland', 'America/St_Johns', 'UTC', 'Asia/Kathmandu'];
    const stores = await Promise.all(zones.map((timeZone) => database.store({ timeZone })));
    await patiently(() => stores[0]?.initialise() ?? Promise.resolve());
    for (const [index, store] of stores.entries()) {
      const session = await store.openSession();
      const owner = `owner-${index}`;
      const { now } = await granted(session, owner);
      same((await database.rawLock(KEY))?.expiresAt, now + LEASE_MS);
      for (const reader of stores.filter((other) => other !== store)) {
        const { lock, now: later } = await reader.read(KEY, 0);
        same([lock?.acquiredAt, lock?.expiresAt], [now, now + LEASE_MS]);
        assert.ok(later >= now && later - now < LEASE_MS, 'a zone away');
      }
      await session.release(KEY, owner, 0);
      await session.close();
    }
  }),
];

/** Runs some work while the JavaScript process has another time. */
async function withClockOffBy(offsetMs: number, work: () => Promise<void>): Promise<void> {
  const RealDate = globalThis.Date;
  class OffDate extends RealDate {
    constructor(...parts: readonly unknown[]) {
      if (parts.length === 0) super(OffDate.now());
      else super(...(parts as [number]));
    }
    static override now(): number {
      return RealDate.now() + offsetMs;
    }
  }
  globalThis.Date = OffDate as DateConstructor;
  try {
    await work();
  } finally {
    globalThis.Date = RealDate;
  }
}
