import assert from 'node:assert/strict';
import type { AuditSession, LeaseGrant } from '@flamingock/core/spi';
import type { ContractCase } from '../contract-case.js';
import { same } from '../same.js';
import { patiently } from '../patiently.js';
import { auditCase, initialisedStore, refused, withSessions } from './audit-case.js';
import type { AuditStoreHarness } from './harness.js';
import { granted, KEY, LEASE_MS, leaseOf, sealed, stored } from './samples.js';

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
        leaseMs: LEASE_MS,
      };
      for (const reader of [first, second, await initialisedStore(database)]) {
        same((await reader.read(KEY, 0)).lock, expected);
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
      assert.equal((await session.read(KEY, 0)).lock?.leaseMs, 2 * LEASE_MS);
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
      assert.equal((await first.read(KEY, 0)).highestSequence, 8);
    }),
  ),

  auditCase(
    'everybody reads how far the ledger has come, also after a release and for a tail that was cut',
    (database) =>
      withSessions(database, async (first, second) => {
        const read = async (): Promise<readonly unknown[]> => {
          const readers = [first, second, await initialisedStore(database)];
          const contents = await Promise.all(readers.map((reader) => reader.read(KEY, 2)));
          for (const { highestSequence } of contents)
            assert.equal(highestSequence, contents[0]?.highestSequence);
          const { highestSequence, entries = [], lock } = contents[0] ?? {};
          return [highestSequence, entries.map(({ sequence }) => sequence), lock?.owner];
        };
        same(await read(), [0, [], undefined], 'nobody has held the lock');
        await granted(first, 'a');
        for (const sequence of [1, 2, 3]) await first.append(KEY, sealed(sequence));
        same(
          await read(),
          [0, [3], 'a'],
          'it is what renewals and releases have recorded, and not the last entry',
        );
        await first.renew(KEY, leaseOf('a'), 2);
        same(await read(), [2, [3], 'a']);
        await first.release(KEY, 'a', 3);
        same(await read(), [3, [3], undefined], 'a release keeps it');
        await database.editEntry(KEY, 3, undefined);
        same(await read(), [3, [], undefined], 'it tells of a tail that is gone');
      }),
  ),

  auditCase('a holder that was taken over writes nothing more', (database) =>
    withSessions(database, async (first, second) => {
      await granted(first, 'a');
      await first.append(KEY, sealed(1));
      await database.expireLock(KEY);
      await granted(second, 'b');
      await second.append(KEY, sealed(2, 'the run of b'));
      await refused(() => first.append(KEY, sealed(2, 'what a was doing')), 'FLG_SEQUENCE_TAKEN');
      assert.equal(await first.renew(KEY, leaseOf('a'), 2), undefined);
      await first.release(KEY, 'a', 9);
      same(await database.rawEntries(KEY), [stored(sealed(1)), stored(sealed(2, 'the run of b'))]);
      const lock = await database.rawLock(KEY);
      same([lock?.owner, lock?.highestSequence], ['b', 0]);
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
];

async function raced(
  sessions: readonly AuditSession[],
  acquire: (session: AuditSession, owner: string) => Promise<LeaseGrant | undefined>,
): Promise<void> {
  const grants = await Promise.all(
    sessions.map((session, index) => patiently(() => acquire(session, `owner-${index}`))),
  );
  assert.equal(grants.filter((grant) => grant !== undefined).length, 1);
}
