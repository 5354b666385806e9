import assert from 'node:assert/strict';
import type { AuditSession, LeaseGrant } from '@flamingock/core/spi';
import type { ContractCase } from '../contract-case.js';
import { same } from '../same.js';
import { patiently } from '../patiently.js';
import { auditCase, initialisedStore, withSessions } from './audit-case.js';
import type { AuditStoreHarness } from './harness.js';
import { KEY, leaseOf } from './samples.js';

const LEASE_MS = 60_000;
const RACES = 40;

/** The lease: taking, renewing, taking over, giving back. */
export const lockCases: readonly ContractCase<AuditStoreHarness>[] = [
  auditCase('a free lock is taken, and everybody sees by whom and until when', (database) =>
    withSessions(database, async (first, second) => {
      const { now, tookOverFrom } = await granted(first, 'a');
      assert.equal(tookOverFrom, undefined);
      assert.ok(Number.isSafeInteger(now));
      same(await database.rawLock(KEY), {
        owner: 'a',
        expiresAt: now + LEASE_MS,
        highestSequence: 0,
      });
      const expected = {
        owner: 'a',
        host: 'host-of-a',
        processId: 4711,
        acquiredAt: now,
        expiresAt: now + LEASE_MS,
      };
      for (const reader of [first, second, await initialisedStore(database)]) {
        same((await reader.read(KEY, 0)).lock, { ...expected, highestSequence: 0 });
      }
    }),
  ),

  auditCase('a held lock is refused to others and stays as it is', (database) =>
    withSessions(database, async (first, second) => {
      await granted(first, 'a');
      const before = await database.rawLock(KEY);
      assert.equal(await second.acquire(KEY, leaseOf('b')), undefined);
      assert.equal(await first.acquire(KEY, leaseOf('b')), undefined, 'the owner counts, not the connection');
      same(await database.rawLock(KEY), before);
    }),
  ),

  auditCase('its owner may take the lock again', (database) =>
    withSessions(database, async (first, second) => {
      await granted(first, 'a');
      const { now, tookOverFrom } = await granted(second, 'a');
      assert.equal(tookOverFrom, undefined);
      assert.equal((await database.rawLock(KEY))?.expiresAt, now + LEASE_MS);
    }),
  ),

  auditCase('its owner renews the lease', (database) =>
    withSessions(database, async (session) => {
      await granted(session, 'a');
      const grant = await session.renew(KEY, leaseOf('a', 2 * LEASE_MS), 3);
      assert.ok(grant !== undefined);
      const expiresAt = grant.now + 2 * LEASE_MS;
      same(await database.rawLock(KEY), { owner: 'a', expiresAt, highestSequence: 3 });
    }),
  ),

  auditCase('nobody renews the lease of somebody else, or one that nobody holds', (database) =>
    withSessions(database, async (first, second) => {
      assert.equal(await second.renew(KEY, leaseOf('b'), 1), undefined);
      assert.equal((await database.rawLock(KEY))?.owner, undefined);
      await granted(first, 'a');
      const before = await database.rawLock(KEY);
      assert.equal(await second.renew(KEY, leaseOf('b'), 99), undefined);
      same(await database.rawLock(KEY), before);
    }),
  ),

  auditCase('an expired lease that nobody has taken over is renewed', (database) =>
    withSessions(database, async (session) => {
      await granted(session, 'a');
      await database.expireLock(KEY);
      const grant = await session.renew(KEY, leaseOf('a'), 0);
      assert.ok(grant !== undefined);
      assert.equal((await database.rawLock(KEY))?.expiresAt, grant.now + LEASE_MS);
    }),
  ),

  auditCase(
    'an expired lease is taken over, and its former holder can do nothing with the lock',
    (database) =>
      withSessions(database, async (first, second) => {
        await granted(first, 'a');
        await first.renew(KEY, leaseOf('a'), 5);
        await database.expireLock(KEY);
        assert.equal((await granted(second, 'b')).tookOverFrom, 'a');
        const before = await database.rawLock(KEY);
        same([before?.owner, before?.highestSequence], ['b', 5]);
        assert.equal(await first.renew(KEY, leaseOf('a'), 6), undefined);
        assert.equal(await first.acquire(KEY, leaseOf('a')), undefined);
        await first.release(KEY, 'a', 7);
        same(await database.rawLock(KEY), before);
      }),
  ),

  auditCase('a released lock is free', (database) =>
    withSessions(database, async (first, second) => {
      await granted(first, 'a');
      await first.release(KEY, 'a', 4);
      assert.equal((await second.read(KEY, 0)).lock, undefined);
      assert.equal((await database.rawLock(KEY))?.owner, undefined);
      assert.equal(await first.renew(KEY, leaseOf('a'), 4), undefined);
      assert.equal((await granted(second, 'b')).tookOverFrom, undefined);
    }),
  ),

  auditCase('releasing the lock of somebody else is harmless', (database) =>
    withSessions(database, async (first, second) => {
      await second.release(KEY, 'b', 9);
      await granted(first, 'a');
      const before = await database.rawLock(KEY);
      await second.release(KEY, 'b', 9);
      same(await database.rawLock(KEY), before);
    }),
  ),

  auditCase('the highest sequence never goes down', (database) =>
    withSessions(database, async (first, second) => {
      const highest = async (): Promise<number | undefined> => (await database.rawLock(KEY))?.highestSequence;
      await granted(first, 'a');
      await first.renew(KEY, leaseOf('a'), 5);
      await first.renew(KEY, leaseOf('a'), 3);
      assert.equal(await highest(), 5);
      await granted(first, 'a');
      assert.equal(await highest(), 5);
      await first.release(KEY, 'a', 4);
      assert.equal(await highest(), 5);
      await granted(second, 'b');
      await second.release(KEY, 'b', 8);
      await granted(first, 'a');
      assert.equal((await first.read(KEY, 0)).lock?.highestSequence, 8);
    }),
  ),

  auditCase('each service, environment and tenant has a lock of its own', (database) =>
    withSessions(database, async (session) => {
      const keys = [
        KEY,
        { ...KEY, service: 'Orders' },
        { ...KEY, environment: 'staging' },
        { ...KEY, tenant: 'acme' },
      ];
      for (const [index, key] of keys.entries()) {
        assert.ok((await session.acquire(key, leaseOf(`owner-${index}`))) !== undefined);
      }
      for (const [index, key] of keys.entries()) {
        assert.equal((await database.rawLock(key))?.owner, `owner-${index}`);
      }
    }),
  ),

  auditCase('of several instances that want the lock at once exactly one gets it', (database) =>
    withSessions(database, async (first, second) => {
      for (let round = 0; round < RACES; round += 1) {
        const key = { ...KEY, service: `race-${round}` };
        await raced([first, second], (session, owner) => session.acquire(key, leaseOf(owner)));
        // And once more for the lease that has now expired.
        await database.expireLock(key);
        await raced([first, second], (session, owner) => session.acquire(key, leaseOf(`next-${owner}`)));
      }
    }),
  ),

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
];

async function granted(session: AuditSession, owner: string): Promise<LeaseGrant> {
  const grant = await session.acquire(KEY, leaseOf(owner, LEASE_MS));
  assert.ok(grant !== undefined, `the lock was refused to ${owner}`);
  return grant;
}

async function raced(
  sessions: readonly AuditSession[],
  acquire: (session: AuditSession, owner: string) => Promise<LeaseGrant | undefined>,
): Promise<void> {
  const grants = await Promise.all(
    sessions.map((session, index) => patiently(() => acquire(session, `owner-${index}`))),
  );
  assert.equal(grants.filter((grant) => grant !== undefined).length, 1);
}
